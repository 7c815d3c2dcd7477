import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimeouts } from "../../../provider/settings/timeouts.ts";

const MINUTE = 60_000;
const all = (milliseconds: number) => ({
	create: milliseconds,
	read: milliseconds,
	update: milliseconds,
	delete: milliseconds,
});
const read = (text: string | undefined) => parseTimeouts("iothub:timeouts", text);

test("twenty minutes are allowed where nothing is said", () => {
	assert.deepEqual(read(undefined), all(20 * MINUTE));
	assert.deepEqual(read("{}"), all(20 * MINUTE));
});

test("a kind of resource may have defaults of its own", () => {
	assert.deepEqual(parseTimeouts("autopilot:timeouts", '{"read":"1m"}', { create: 30 * MINUTE }), {
		...all(20 * MINUTE),
		create: 30 * MINUTE,
		read: MINUTE,
	});
});

test("one duration is for every operation", () => {
	assert.deepEqual(read("90s"), all(90_000));
	assert.deepEqual(read("10m"), all(10 * MINUTE));
	assert.deepEqual(read("1h30m"), all(90 * MINUTE));
});

test("an object says it for each operation, and the others keep theirs", () => {
	assert.deepEqual(read('{"create":"30m","delete":"5s"}'), {
		...all(20 * MINUTE),
		create: 30 * MINUTE,
		delete: 5_000,
	});
});

for (const text of ["0s", "10", "m", "1d", "-5m", "ten minutes", "5m 3s", "1.5h"]) {
	test(`"${text}" is no duration`, () => {
		assert.throws(() => read(text), {
			key: "iothub:timeouts",
			message: `iothub:timeouts is "${text}"; a duration is written like 90s, 10m or 1h30m`,
		});
	});
}

test("an object is refused where a duration is no text, an operation does not exist, or the JSON is broken", () => {
	assert.throws(() => read('{"create":30}'), /is 30; a duration is written like/);
	assert.throws(() => read('{"create":null}'), /is null; a duration is written like/);
	assert.throws(() => read('{"destroy":"5m"}'), {
		message: "iothub:timeouts is not an object with durations for create, read, update, delete (destroy)",
	});
	assert.throws(() => read('{"create":"5m"'), /\(unreadable\)$/);
});
