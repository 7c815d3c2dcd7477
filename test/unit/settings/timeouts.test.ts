import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimeouts } from "../../../provider/settings/timeouts.ts";

const MINUTE = 60_000;
const createTimeouts = (milliseconds: number) => ({
	create: milliseconds,
	read: milliseconds,
	update: milliseconds,
	delete: milliseconds,
});
const parse = (text: string | undefined) => parseTimeouts("iothub:timeouts", text);

test("the default is twenty minutes", () => {
	assert.deepEqual(parse(undefined), createTimeouts(20 * MINUTE));
	assert.deepEqual(parse("{}"), createTimeouts(20 * MINUTE));
});

test("a resource type may have its own defaults", () => {
	assert.deepEqual(parseTimeouts("autopilot:timeouts", '{"read":"1m"}', { create: 30 * MINUTE }), {
		...createTimeouts(20 * MINUTE),
		create: 30 * MINUTE,
		read: MINUTE,
	});
});

test("one duration applies to every operation", () => {
	assert.deepEqual(parse("90s"), createTimeouts(90_000));
	assert.deepEqual(parse("10m"), createTimeouts(10 * MINUTE));
	assert.deepEqual(parse("1h30m"), createTimeouts(90 * MINUTE));
});

test("an object sets single operations, and the others keep their defaults", () => {
	assert.deepEqual(parse('{"create":"30m","delete":"5s"}'), {
		...createTimeouts(20 * MINUTE),
		create: 30 * MINUTE,
		delete: 5_000,
	});
});

for (const text of ["0s", "10", "m", "1d", "-5m", "ten minutes", "5m 3s", "1.5h"]) {
	test(`"${text}" is not a duration`, () => {
		assert.throws(() => parse(text), {
			key: "iothub:timeouts",
			message: `iothub:timeouts is "${text}"; a duration is written like 90s, 10m or 1h30m`,
		});
	});
}

test("an object is rejected if a duration is not a string, an operation is unknown, or the JSON is invalid", () => {
	assert.throws(() => parse('{"create":30}'), /is 30; a duration is written like/);
	assert.throws(() => parse('{"create":null}'), /is null; a duration is written like/);
	assert.throws(() => parse('{"destroy":"5m"}'), {
		message: "iothub:timeouts is not an object with durations for create, read, update, delete (destroy)",
	});
	assert.throws(() => parse('{"create":"5m"'), /\(unreadable\)$/);
});
