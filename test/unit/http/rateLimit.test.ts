import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HttpResponse, SendRequest } from "../../../provider/http/pipeline.ts";
import { estimateDuration, limitRate, type RateLimits } from "../../../provider/http/rateLimit.ts";
import { createRequest, TestClock } from "../doubles.ts";

/** Creates a host behind the policy, which records when each request arrives, in milliseconds. */
function createHost(limits: RateLimits, getStatus: (count: number) => number = () => 200) {
	const clock = new TestClock();
	const arrivals: number[] = [];
	const sendRequest = limitRate(
		limits,
		clock,
	)(async () => {
		arrivals.push(clock.now());
		return { status: getStatus(arrivals.length), headers: {}, text: "" };
	});
	const sendMany = (count: number, meter = "registry"): Promise<HttpResponse[]> =>
		Promise.all(Array.from({ length: count }, () => sendRequest(createRequest(clock, { meter }))));
	return { clock, arrivals, sendMany };
}

/** Returns the rate between the last two arrivals, in requests per second. */
function getRate(arrivals: readonly number[]): number {
	const [before = 0, last = 0] = arrivals.slice(-2);
	return 1_000 / (last - before);
}

describe("concurrent requests", () => {
	/** Creates a host that responds only on demand. */
	function createPendingHost(inFlight: number) {
		const clock = new TestClock();
		const waiting: { path: string; finish(outcome: HttpResponse | Error): void }[] = [];
		const network: SendRequest = ({ url }) =>
			new Promise((resolve, reject) => {
				const finish = (outcome: HttpResponse | Error): void =>
					outcome instanceof Error ? reject(outcome) : resolve(outcome);
				waiting.push({ path: url.pathname, finish });
			});
		const sendRequest = limitRate({ requestsPerSecond: {}, maxInFlight: inFlight }, clock)(network);
		const send = (name: string): Promise<unknown> =>
			sendRequest(createRequest(clock, { url: new URL(`https://hub.example/${name}`) })).catch(
				(error) => error,
			);
		const settled = async (): Promise<void> => {
			for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
		};
		return { waiting, send, settled };
	}

	const ok = { status: 200, headers: {}, text: "" };

	test("are limited, and the next one is sent after a response", async () => {
		const { waiting, send, settled } = createPendingHost(2);
		const all = ["a", "b", "c", "d"].map(send);
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

	test("release their permit if they fail", async () => {
		const { waiting, send, settled } = createPendingHost(1);
		const all = [send("a"), send("b")];
		await settled();
		waiting[0]?.finish(new Error("reset"));
		await settled();
		waiting[1]?.finish(ok);
		assert.match(String((await Promise.all(all))[0]), /reset/);
		assert.equal(waiting.length, 2);
	});

	test("are sent in the order of their arrival", async () => {
		const { waiting, send, settled } = createPendingHost(1);
		const all = ["a", "b", "c", "d"].map(send);
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
	test("allows a burst of ten seconds' worth of requests, then limits the rate", async () => {
		const { sendMany, arrivals } = createHost({ requestsPerSecond: { registry: 2 }, maxInFlight: 100 });
		await sendMany(25);
		assert.deepEqual(arrivals.slice(0, 21), Array(21).fill(0));
		assert.deepEqual(arrivals.slice(21), [500, 1_000, 1_500, 2_000]);
	});

	test("refills while it is idle, up to ten seconds' worth", async () => {
		const { sendMany, arrivals, clock } = createHost({
			requestsPerSecond: { registry: 1 },
			maxInFlight: 100,
		});
		await sendMany(11);
		clock.pass(3_600_000);
		await sendMany(13);
		assert.equal(arrivals.filter((at) => at === 3_600_000).length, 11);
		assert.deepEqual(arrivals.slice(-2), [3_601_000, 3_602_000]);
	});

	test("does not delay another meter", async () => {
		const { sendMany, arrivals } = createHost({ requestsPerSecond: { query: 0.5 }, maxInFlight: 100 });
		await Promise.all([sendMany(8, "query"), sendMany(50, "registry")]);
		assert.equal(arrivals.filter((at) => at === 0).length, 56);
	});
});

test("a meter without a rate is not delayed", async () => {
	const { sendMany, arrivals } = createHost({ requestsPerSecond: {}, maxInFlight: 1_000 });
	await sendMany(500);
	assert.ok(arrivals.every((at) => at === 0));
});

describe("a 429", () => {
	test("halves the meter's rate", async () => {
		const { sendMany, arrivals, clock } = createHost(
			{ requestsPerSecond: { registry: 8 }, maxInFlight: 100 },
			() => 429,
		);
		await sendMany(1);
		clock.pass(60_000);
		await sendMany(60);
		assert.equal(getRate(arrivals.slice(0, 50)), 4);
	});

	test("limits an unlimited meter to ten requests per second", async () => {
		const { sendMany, arrivals, clock } = createHost(
			{ requestsPerSecond: {}, maxInFlight: 1_000 },
			(count) => (count === 1 ? 429 : 404),
		);
		await sendMany(1);
		clock.pass(60_000);
		await sendMany(150);
		assert.equal(getRate(arrivals), 10);
	});

	test("never reduces the rate below one request in five seconds", async () => {
		const { sendMany, arrivals } = createHost(
			{ requestsPerSecond: { registry: 1 }, maxInFlight: 1 },
			() => 429,
		);
		for (let index = 0; index < 30; index++) await sendMany(1);
		assert.equal(Math.round(getRate(arrivals) * 1_000), 200);
	});

	test("is followed by a slow recovery, two percent with each response, up to the maximum rate", async () => {
		const { sendMany, arrivals } = createHost(
			{ requestsPerSecond: { registry: 8 }, maxInFlight: 1 },
			(count) => (count <= 5 ? 429 : 200),
		);
		for (let index = 0; index < 260; index++) await sendMany(1);
		const [early = 0, later = 0] = [150, 151].map((end) => getRate(arrivals.slice(0, end)));
		assert.ok(Math.abs(later / early - 1.02) < 0.001, `${early} to ${later}`);
		assert.equal(getRate(arrivals), 8);
	});
});

describe("an estimated duration", () => {
	const estimate = (limits: RateLimits, requests: Readonly<Record<string, number>>, latency = 0) =>
		estimateDuration(limits, requests, latency);

	test("is the actual duration", async () => {
		for (const count of [1, 30, 31, 400]) {
			const limits: RateLimits = { requestsPerSecond: { registry: 3 }, maxInFlight: 8 };
			const { arrivals, sendMany } = createHost(limits);
			await sendMany(count);
			const { milliseconds } = estimate(limits, { registry: count });
			assert.ok(Math.abs((arrivals.at(-1) ?? 0) - milliseconds) < 1, `${count} requests`);
		}
	});

	test("is that of the slowest meter", () => {
		const limits: RateLimits = { requestsPerSecond: { registry: 3, twin: 100 }, maxInFlight: 8 };
		assert.equal(estimate(limits, { registry: 400, twin: 2_000 }).meter, "registry");
		assert.equal(estimate(limits, { registry: 31, twin: 20_000 }).meter, "twin");
	});

	test("is determined by the number of concurrent requests if no meter is slower", () => {
		const limits: RateLimits = { requestsPerSecond: {}, maxInFlight: 8 };
		assert.deepEqual(estimate(limits, { registry: 80 }, 50), { milliseconds: 500, meter: undefined });
		assert.deepEqual(estimate(limits, {}, 50), { milliseconds: 0, meter: undefined });
	});
});
