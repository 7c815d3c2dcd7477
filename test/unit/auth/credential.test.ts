import assert from "node:assert/strict";
import { test } from "node:test";
import { TokenCache } from "../../../provider/auth/credential.ts";
import { TestClock } from "../doubles.ts";

const HOUR = 3_600_000;

/** Creates a cache whose tokens are valid for an hour and numbered by fetch. */
function createCache(fail: (count: number) => boolean = () => false) {
	const clock = new TestClock();
	let count = 0;
	const cache = new TokenCache(async () => {
		count++;
		if (fail(count)) throw new Error(`failure ${count}`);
		return { token: `token ${count}`, expiresAt: clock.now() + HOUR };
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

test("a failure rejects all concurrent callers and is not cached", async () => {
	const { cache } = createCache((count) => count === 1);
	const results = await Promise.allSettled([cache.get(), cache.get()]);
	assert.deepEqual(
		results.map((result) => result.status === "rejected" && String(result.reason)),
		["Error: failure 1", "Error: failure 1"],
	);
	assert.equal(await cache.get(), "token 2");
});

test("a failed renewal does not return the expiring token", async () => {
	const { cache, clock } = createCache((count) => count === 2);
	await cache.get();
	clock.pass(HOUR);
	await assert.rejects(cache.get(), /failure 2/);
	assert.equal(await cache.get(), "token 3");
});

test("a discarded token is fetched again", async () => {
	const { cache } = createCache();
	await cache.get();
	cache.invalidate();
	assert.equal(await cache.get(), "token 2");
});
