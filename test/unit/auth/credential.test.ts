import assert from "node:assert/strict";
import { test } from "node:test";
import { TokenCache } from "../../../provider/auth/credential.ts";
import { TestClock } from "../doubles.ts";

const HOUR = 3_600_000;

/** A lease of an hour whose value counts how often it was fetched. */
function counted(fail: (count: number) => boolean = () => false) {
	const clock = new TestClock();
	let count = 0;
	const held = new TokenCache(async () => {
		count++;
		if (fail(count)) throw new Error(`failure ${count}`);
		return { value: count, expiresAt: clock.now() + HOUR };
	}, clock);
	return { clock, held };
}

test("a value is fetched once for all who wait, and kept for all who come later", async () => {
	const { held } = counted();
	assert.deepEqual(await Promise.all([held.get(), held.get(), held.get()]), [1, 1, 1]);
	assert.equal(await held.get(), 1);
});

test("a value is renewed five minutes before it ends", async () => {
	const { held, clock } = counted();
	await held.get();
	clock.pass(HOUR - 300_001);
	assert.equal(await held.get(), 1);
	clock.pass(1);
	assert.equal(await held.get(), 2);
});

test("a failure reaches all who wait and is not kept", async () => {
	const { held } = counted((count) => count === 1);
	const all = await Promise.allSettled([held.get(), held.get()]);
	assert.deepEqual(
		all.map((one) => one.status === "rejected" && String(one.reason)),
		["Error: failure 1", "Error: failure 1"],
	);
	assert.equal(await held.get(), 2);
});

test("a failure to renew does not bring a dying value back", async () => {
	const { held, clock } = counted((count) => count === 2);
	await held.get();
	clock.pass(HOUR);
	await assert.rejects(held.get(), /failure 2/);
	assert.equal(await held.get(), 3);
});

test("a value that was dropped is fetched anew", async () => {
	const { held } = counted();
	await held.get();
	held.invalidate();
	assert.equal(await held.get(), 2);
});
