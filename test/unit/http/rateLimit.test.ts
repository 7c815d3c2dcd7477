import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HttpResponse, SendRequest } from "../../../provider/http/pipeline.ts";
import { estimateDuration, limitRate, type RateLimits } from "../../../provider/http/rateLimit.ts";
import { createRequest, START_TIME, TestClock } from "../doubles.ts";

/** A host behind the policy: notes when each request arrives, in milliseconds, and answers as it is told. */
function host(pace: RateLimits, answer: (count: number) => number = () => 200) {
	const clock = new TestClock();
	const arrivals: number[] = [];
	const send = limitRate(
		pace,
		clock,
	)(async () => {
		arrivals.push(clock.now() - START_TIME);
		return { status: answer(arrivals.length), headers: {}, text: "" };
	});
	const ask = (count: number, meter = "registry"): Promise<HttpResponse[]> =>
		Promise.all(Array.from({ length: count }, () => send(createRequest(clock, { meter }))));
	return { clock, arrivals, ask };
}

/** A rate in requests a second as the last two of these arrivals show it. */
function rateAt(arrivals: readonly number[]): number {
	const [before = 0, last = 0] = arrivals.slice(-2);
	return 1_000 / (last - before);
}

describe("requests under way", () => {
	/** A host that answers nobody until it is told to. */
	function held(inFlight: number) {
		const clock = new TestClock();
		const waiting: { path: string; finish(outcome: HttpResponse | Error): void }[] = [];
		const network: SendRequest = ({ url }) =>
			new Promise((resolve, reject) => {
				const finish = (outcome: HttpResponse | Error): void =>
					outcome instanceof Error ? reject(outcome) : resolve(outcome);
				waiting.push({ path: url.pathname, finish });
			});
		const send = limitRate({ requestsPerSecond: {}, maxInFlight: inFlight }, clock)(network);
		const ask = (name: string): Promise<unknown> =>
			send(createRequest(clock, { url: new URL(`https://hub.example/${name}`) })).catch((error) => error);
		const settled = async (): Promise<void> => {
			for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
		};
		return { waiting, ask, settled };
	}

	const ok = { status: 200, headers: {}, text: "" };

	test("are never more than allowed, and the next one goes when one is answered", async () => {
		const { waiting, ask, settled } = held(2);
		const all = ["a", "b", "c", "d"].map(ask);
		await settled();
		assert.deepEqual(
			waiting.map(({ path }) => path),
			["/a", "/b"],
		);
		waiting[1]?.finish(ok);
		await settled();
		assert.deepEqual(
			waiting.map(({ path }) => path),
			["/a", "/b", "/c"],
		);
		waiting[0]?.finish(ok);
		waiting[2]?.finish(ok);
		await settled();
		waiting[3]?.finish(ok);
		assert.equal((await Promise.all(all)).length, 4);
	});

	test("give their place back when they fail", async () => {
		const { waiting, ask, settled } = held(1);
		const all = [ask("a"), ask("b")];
		await settled();
		waiting[0]?.finish(new Error("reset"));
		await settled();
		waiting[1]?.finish(ok);
		assert.match(String((await Promise.all(all))[0]), /reset/);
		assert.equal(waiting.length, 2);
	});

	test("take places in the order in which they came", async () => {
		const { waiting, ask, settled } = held(1);
		const all = ["a", "b", "c", "d"].map(ask);
		for (let index = 0; index < 4; index++) {
			await settled();
			waiting[index]?.finish(ok);
		}
		await Promise.all(all);
		assert.deepEqual(
			waiting.map(({ path }) => path),
			["/a", "/b", "/c", "/d"],
		);
	});
});

describe("a meter with a rate", () => {
	test("lets a quiet host be asked ten seconds' worth at once, then keeps to the rate", async () => {
		const { ask, arrivals } = host({ requestsPerSecond: { registry: 2 }, maxInFlight: 100 });
		await ask(25);
		assert.deepEqual(arrivals.slice(0, 21), Array(21).fill(0));
		assert.deepEqual(arrivals.slice(21), [500, 1_000, 1_500, 2_000]);
	});

	test("saves up again while it is quiet, but never more than ten seconds' worth", async () => {
		const { ask, arrivals, clock } = host({ requestsPerSecond: { registry: 1 }, maxInFlight: 100 });
		await ask(11);
		clock.pass(3_600_000);
		await ask(13);
		assert.equal(arrivals.filter((at) => at === 3_600_000).length, 11);
		assert.deepEqual(arrivals.slice(-2), [3_601_000, 3_602_000]);
	});

	test("does not hold back another meter", async () => {
		const { ask, arrivals } = host({ requestsPerSecond: { query: 0.5 }, maxInFlight: 100 });
		await Promise.all([ask(8, "query"), ask(50, "registry")]);
		assert.equal(arrivals.filter((at) => at === 0).length, 56);
	});
});

test("a meter without a rate is not held back at all", async () => {
	const { ask, arrivals } = host({ requestsPerSecond: {}, maxInFlight: 1_000 });
	await ask(500);
	assert.ok(arrivals.every((at) => at === 0));
});

describe("a refusal", () => {
	test("halves the meter's rate", async () => {
		const { ask, arrivals, clock } = host(
			{ requestsPerSecond: { registry: 8 }, maxInFlight: 100 },
			() => 429,
		);
		await ask(1);
		clock.pass(60_000);
		await ask(60);
		assert.equal(rateAt(arrivals.slice(0, 50)), 4);
	});

	test("on an unlimited meter begins at ten a second", async () => {
		const { ask, arrivals, clock } = host({ requestsPerSecond: {}, maxInFlight: 1_000 }, (count) =>
			count === 1 ? 429 : 404,
		);
		await ask(1);
		clock.pass(60_000);
		await ask(150);
		assert.equal(rateAt(arrivals), 10);
	});

	test("never slows a meter to less than one request in five seconds", async () => {
		const { ask, arrivals } = host({ requestsPerSecond: { registry: 1 }, maxInFlight: 1 }, () => 429);
		for (let index = 0; index < 30; index++) await ask(1);
		assert.equal(Math.round(rateAt(arrivals) * 1_000), 200);
	});

	test("is forgotten slowly, by two in a hundred with each answer, up to the rate allowed", async () => {
		const { ask, arrivals } = host({ requestsPerSecond: { registry: 8 }, maxInFlight: 1 }, (count) =>
			count <= 5 ? 429 : 200,
		);
		for (let index = 0; index < 260; index++) await ask(1);
		const [early = 0, later = 0] = [150, 151].map((end) => rateAt(arrivals.slice(0, end)));
		assert.ok(Math.abs(later / early - 1.02) < 0.001, `${early} to ${later}`);
		assert.equal(rateAt(arrivals), 8);
	});
});

describe("a duration foretold", () => {
	const foretold = (pace: RateLimits, requests: Readonly<Record<string, number>>, latency = 0) =>
		estimateDuration(pace, requests, latency);

	test("is the one that it takes", async () => {
		for (const count of [1, 30, 31, 400]) {
			const pace: RateLimits = { requestsPerSecond: { registry: 3 }, maxInFlight: 8 };
			const { arrivals, ask } = host(pace);
			await ask(count);
			const { milliseconds } = foretold(pace, { registry: count });
			assert.ok(Math.abs((arrivals.at(-1) ?? 0) - milliseconds) < 1, `${count} requests`);
		}
	});

	test("is that of the slowest meter", () => {
		const pace: RateLimits = { requestsPerSecond: { registry: 3, twin: 100 }, maxInFlight: 8 };
		assert.equal(foretold(pace, { registry: 400, twin: 2_000 }).meter, "registry");
		assert.equal(foretold(pace, { registry: 31, twin: 20_000 }).meter, "twin");
	});

	test("is set by the requests under way where no meter is slower", () => {
		const pace: RateLimits = { requestsPerSecond: {}, maxInFlight: 8 };
		assert.deepEqual(foretold(pace, { registry: 80 }, 50), { milliseconds: 500, meter: undefined });
		assert.deepEqual(foretold(pace, {}, 50), { milliseconds: 0, meter: undefined });
	});
});
