import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Deadline } from "../../../provider/http/deadline.ts";
import {
	ConnectionLost,
	LongWaitRequired,
	NotConnected,
	UnreadableAnswer,
} from "../../../provider/http/errors.ts";
import type { HttpRequest, SendRequest } from "../../../provider/http/pipeline.ts";
import { limitRate } from "../../../provider/http/rateLimit.ts";
import { retryRequests } from "../../../provider/http/retry.ts";
import {
	createRequest,
	createScriptedNetwork,
	type ScriptedStep,
	START_TIME,
	TestClock,
} from "../doubles.ts";

/** Sends a request through the policy to a scripted network. Returns the error or response, and the delays. */
async function sendWithRetries(
	steps: readonly ScriptedStep[],
	rest: Partial<HttpRequest> = {},
	clock = new TestClock(),
) {
	const { send, sent } = createScriptedNetwork(...steps);
	const outcome = await retryRequests(clock)(send)(createRequest(clock, rest)).catch((error: Error) => error);
	return { outcome, attempts: sent.length, delays: clock.sleeps };
}

const status = (outcome: object): unknown => ("status" in outcome ? outcome.status : outcome);
const write = { method: "PUT", repeatable: false } as const;

describe("an error response", () => {
	for (const code of [400, 401, 403, 404, 409, 412]) {
		test(`${code} is returned at once`, async () => {
			const { outcome, attempts } = await sendWithRetries([{ status: code }]);
			assert.equal(status(outcome), code);
			assert.equal(attempts, 1);
		});
	}
});

describe("429", () => {
	test("is also retried for writes, because the service did not apply them", async () => {
		const { outcome, attempts } = await sendWithRetries(
			[{ status: 429 }, { status: 429 }, { status: 200 }],
			write,
		);
		assert.equal(status(outcome), 200);
		assert.equal(attempts, 3);
	});

	test("waits at least ten seconds for any random number", async () => {
		const clock = new TestClock();
		clock.chance = 0;
		const { delays } = await sendWithRetries([...Array(3).fill({ status: 429 }), {}], {}, clock);
		assert.deepEqual(delays, [10_000, 10_000, 10_000]);
	});

	test("waits longer by a growing random part, up to a minute in total", async () => {
		const clock = new TestClock();
		clock.chance = 1;
		const { delays } = await sendWithRetries([...Array(6).fill({ status: 429 }), {}], {}, clock);
		assert.deepEqual(delays, [20_000, 30_000, 50_000, 60_000, 60_000, 60_000]);
	});

	test("is retried until the deadline, and never waits beyond it", async () => {
		const clock = new TestClock();
		const deadline = new Deadline("create", 60_000, clock);
		const { outcome } = await sendWithRetries([{ status: 429 }], { ...write, deadline }, clock);
		assert.match(String(outcome), /gave up after 60 s.*create.*the service responded with 429/);
		assert.ok(clock.now() < 60_000);
	});
});

describe("Retry-After", () => {
	const after = (value: string, headers: Readonly<Record<string, string>> = {}): ScriptedStep[] => [
		{ status: 429, headers: { "retry-after": value, ...headers } },
		{},
	];
	const date = (timeMs: number): string => new Date(timeMs).toUTCString();

	test("in seconds is honored, even if it is shorter than our own delay, with up to a second of jitter", async () => {
		for (const [chance, delay] of [
			[0, 3_000],
			[0.5, 3_500],
			[0.999, 3_999],
		] as const) {
			const clock = new TestClock();
			clock.chance = chance;
			assert.deepEqual((await sendWithRetries(after("3"), {}, clock)).delays, [delay]);
		}
	});

	test("as a date is honored", async () => {
		assert.deepEqual((await sendWithRetries(after(date(START_TIME + 42_000)))).delays, [42_500]);
	});

	test("as a date is compared with the date of the response, not with the clock of this machine", async () => {
		const headers = { date: date(START_TIME) };
		for (const skewMs of [-86_400_000, 7_200_000]) {
			const clock = new TestClock(START_TIME + skewMs);
			const { outcome, delays } = await sendWithRetries(after(date(START_TIME + 5_000), headers), {}, clock);
			assert.deepEqual([status(outcome), delays], [200, [5_500]]);
		}
	});

	for (const [title, value] of [
		["0", "0"],
		["00", "00"],
		["a fraction of a second", "0.2"],
		["a date in the past", date(START_TIME - 42_000)],
		["a date in 1970", "Thu, 01 Jan 1970 00:00:00 GMT"],
	] as const) {
		test(`that is ${title} means a delay of one second and more, which doubles up to ten`, async () => {
			for (const code of [429, 503]) {
				const clock = new TestClock();
				clock.chance = 0;
				const refusal = { status: code, headers: { "retry-after": value } };
				const { delays } = await sendWithRetries([...Array(6).fill(refusal), {}], {}, clock);
				assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
			}
		});
	}

	test("that is always 0 lets an operation of twenty minutes send few requests", async () => {
		const { attempts } = await sendWithRetries([{ status: 503, headers: { "retry-after": "0" } }]);
		assert.ok(attempts > 50 && attempts < 150, `${attempts} requests`);
	});

	for (const value of ["soon", "-5", "1e3", "NaN", "Infinity", "3, 4", "2026-03-01", "12 monkeys", ""]) {
		test(`that is ${JSON.stringify(value)} counts as absent`, async () => {
			assert.deepEqual((await sendWithRetries(after(value))).delays, [15_000]);
		});
	}

	test("is honored after any server error that is retried", async () => {
		const { delays } = await sendWithRetries([{ status: 504, headers: { "retry-after": "40" } }, {}]);
		assert.deepEqual(delays, [40_500]);
	});

	for (const [value, wait] of [
		["7200", "2 h"],
		["86400", "24 h"],
		["99999999999999999999999", "104,249,992 days"],
		[date(START_TIME + 86_400_000), "24 h"],
	] as const) {
		test(`of ${value}, longer than the operation may take, fails it at once with the wait that is asked for`, async () => {
			const { outcome, attempts, delays } = await sendWithRetries(after(value));
			assert.ok(outcome instanceof LongWaitRequired);
			assert.equal(
				outcome.message,
				`the service asks to wait ${wait} before the next request (429 with Retry-After), but \`timeouts\` allows only 20 min for ` +
					`read. Run the command again in ${wait}, or raise \`timeouts\` above that to let the run wait.`,
			);
			assert.deepEqual([outcome.scope, attempts, delays], ["service", 1, []]);
		});
	}

	test("of a day after a refused write says that nothing was written", async () => {
		const { outcome } = await sendWithRetries(after("86400"), write);
		assert.match(String(outcome), /for read\. Nothing was written by this request\. Run/);
	});

	test("of a day after a server error of a write is left to the caller, who reads the outcome", async () => {
		const { outcome } = await sendWithRetries([{ status: 503, headers: { "retry-after": "86400" } }], write);
		assert.equal(status(outcome), 503);
	});

	test("that only exceeds what is left of the time ends the operation as one that ran out of time", async () => {
		const clock = new TestClock();
		const deadline = new Deadline("read", 60_000, clock);
		clock.pass(50_000);
		const { outcome } = await sendWithRetries(after("17"), { deadline }, clock);
		assert.match(
			String(outcome),
			/gave up after 60 s, .*Last: the service responded with 429 and asks to wait 17 s$/,
		);
	});
});

describe("a step of the time of day", () => {
	for (const hours of [-24, 24]) {
		test(`by ${hours} hours changes no delay, no rate and no deadline`, async () => {
			const clock = new TestClock();
			const { send, sent } = createScriptedNetwork({ status: 503, headers: { "retry-after": "0" } });
			const stepping: SendRequest = (request) => {
				if (sent.length === 3) clock.stepWallTime(hours * 3_600_000);
				return send(request);
			};
			const limited = limitRate({ requestsPerSecond: { registry: 0.5 }, maxInFlight: 8 }, clock)(stepping);
			const outcome = await retryRequests(clock)(limited)(createRequest(clock)).catch(String);
			assert.match(String(outcome), /gave up after 1200 s/);
			assert.ok(clock.now() > 1_180_000 && clock.now() <= 1_200_000, `${clock.now()} ms`);
			assert.ok(sent.length > 50 && sent.length < 150, `${sent.length} requests`);
		});
	}
});

describe("a server error", () => {
	for (const code of [408, 500, 502, 504]) {
		test(`${code} allows six attempts of a read`, async () => {
			const { outcome, attempts } = await sendWithRetries([{ status: code }]);
			assert.equal(status(outcome), code);
			assert.equal(attempts, 6);
		});
	}

	test("never causes a second write", async () => {
		for (const code of [408, 500, 502, 503, 504]) {
			const { outcome, attempts } = await sendWithRetries([{ status: code }], write);
			assert.equal(status(outcome), code);
			assert.equal(attempts, 1);
		}
	});

	test("delays grow from one second to twenty", async () => {
		const clock = new TestClock();
		clock.chance = 1;
		assert.deepEqual(
			(await sendWithRetries([{ status: 500 }], {}, clock)).delays,
			[1_000, 2_000, 4_000, 8_000, 16_000],
		);
		clock.chance = 0;
		clock.sleeps.length = 0;
		assert.deepEqual(
			(await sendWithRetries([{ status: 500 }], {}, clock)).delays,
			[500, 1_000, 2_000, 4_000, 8_000],
			"at least half of it for any random number",
		);
	});

	test("503 is throttling for reads, which wait as long as after a 429", async () => {
		const { outcome, attempts, delays } = await sendWithRetries([...Array(8).fill({ status: 503 }), {}]);
		assert.equal(status(outcome), 200);
		assert.equal(attempts, 9);
		assert.equal(delays[0], 15_000);
	});
});

describe("an error of the connection", () => {
	const connectionLost = new ConnectionLost("reset");
	const unreadable = new UnreadableAnswer("a page", 200);
	const refused = new NotConnected("refused", true, undefined);

	test("after which the outcome is unknown allows six attempts of a read", async () => {
		for (const error of [connectionLost, unreadable]) {
			const { outcome, attempts } = await sendWithRetries([error]);
			assert.equal(outcome, error);
			assert.equal(attempts, 6);
		}
	});

	test("after which the outcome is unknown never causes a second write", async () => {
		for (const error of [connectionLost, unreadable]) {
			const { outcome, attempts } = await sendWithRetries([error, {}], write);
			assert.equal(outcome, error);
			assert.equal(attempts, 1);
		}
	});

	test("before anything was sent allows four attempts of a write", async () => {
		const { outcome, attempts } = await sendWithRetries([refused], write);
		assert.equal(outcome, refused);
		assert.equal(attempts, 4);
	});

	test("that is not transient is thrown at once", async () => {
		const untrusted = new NotConnected("not trusted", false, undefined);
		const { outcome, attempts } = await sendWithRetries([untrusted, {}]);
		assert.equal(outcome, untrusted);
		assert.equal(attempts, 1);
	});

	test("that is a bug is never retried", async () => {
		const bug = new TypeError("a bug");
		const { outcome, attempts } = await sendWithRetries([bug, {}]);
		assert.equal(outcome, bug);
		assert.equal(attempts, 1);
	});
});

test("nothing is sent after the deadline", async () => {
	const clock = new TestClock();
	const deadline = new Deadline("read", 1_000, clock);
	clock.pass(1_001);
	const { outcome, attempts } = await sendWithRetries([{}], { deadline }, clock);
	assert.match(String(outcome), /gave up after 1 s/);
	assert.equal(attempts, 0);
});
