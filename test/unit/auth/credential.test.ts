import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILURE_MEMORY_MS, TokenCache } from "../../../provider/auth/credential.ts";
import { TestClock } from "../doubles.ts";

const HOUR = 3_600_000;

/** Creates a cache whose tokens are valid for an hour and numbered by fetch. */
function createCache(fail: (count: number) => boolean = () => false) {
	const clock = new TestClock();
	let count = 0;
	const cache = new TokenCache(async () => {
		count++;
		if (fail(count)) throw new Error(`failure ${count}`);
		return { token: `token ${count}`, expiresAt: clock.getWallTime() + HOUR };
	}, clock);
	return { clock, cache };
}

test("a token is fetched once for concurrent callers, and cached for later ones", async () => {
	const { cache } = createCache();
	assert.deepEqual(await Promise.all([cache.get(), cache.get(), cache.get()]), [
		"token 1",
		"token 1",
		"token 1",
	]);
	assert.equal(await cache.get(), "token 1");
});

test("a token is renewed five minutes before it expires", async () => {
	const { cache, clock } = createCache();
	await cache.get();
	clock.pass(HOUR - 300_001);
	assert.equal(await cache.get(), "token 1");
	clock.pass(1);
	assert.equal(await cache.get(), "token 2");
});

test("a failure rejects all callers for a minute without another attempt, and is then forgotten", async () => {
	const { cache, clock } = createCache((count) => count === 1);
	const results = await Promise.allSettled([cache.get(), cache.get()]);
	assert.deepEqual(
		results.map((result) => result.status === "rejected" && String(result.reason)),
		["Error: failure 1", "Error: failure 1"],
	);
	clock.pass(FAILURE_MEMORY_MS - 1);
	await assert.rejects(cache.get(), /failure 1/);
	clock.pass(1);
	assert.equal(await cache.get(), "token 2");
});

test("a failed renewal does not return the expiring token", async () => {
	const { cache, clock } = createCache((count) => count === 2);
	await cache.get();
	clock.pass(HOUR);
	await assert.rejects(cache.get(), /failure 2/);
	clock.pass(FAILURE_MEMORY_MS);
	assert.equal(await cache.get(), "token 3");
});

test("a token is renewed in time although the time of day was set back", async () => {
	const { cache, clock } = createCache();
	await cache.get();
	clock.stepWallTime(-24 * HOUR);
	clock.pass(HOUR - 300_001);
	assert.equal(await cache.get(), "token 1");
	clock.pass(1);
	assert.equal(await cache.get(), "token 2");
});

test("a token is renewed once after the time of day went ahead, as after a sleep of the machine", async () => {
	const { cache, clock } = createCache();
	await cache.get();
	clock.stepWallTime(24 * HOUR);
	assert.deepEqual([await cache.get(), await cache.get()], ["token 2", "token 2"]);
});

test("a token that looks expired or nearly expired when it arrives is used all the same, for a while", async () => {
	for (const [lifetimeMs, useMs] of [
		[-HOUR, 60_000],
		[30_000, 60_000],
		[240_000, 120_000],
	] as const) {
		const clock = new TestClock();
		let count = 0;
		const fetch = async () => ({ token: `token ${++count}`, expiresAt: clock.getWallTime() + lifetimeMs });
		const cache = new TokenCache(fetch, clock);
		await cache.get();
		clock.pass(useMs - 1);
		assert.equal(await cache.get(), "token 1");
		clock.pass(1);
		assert.equal(await cache.get(), "token 2");
	}
});

test("a discarded token is fetched again", async () => {
	const { cache } = createCache();
	await cache.get();
	cache.invalidate();
	assert.equal(await cache.get(), "token 2");
});
