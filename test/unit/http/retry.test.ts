import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Deadline } from "../../../provider/http/deadline.ts";
import {
	ConnectionLost,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "../../../provider/http/errors.ts";
import type { HttpRequest } from "../../../provider/http/pipeline.ts";
import { retryDelayAfter, retryRequests } from "../../../provider/http/retry.ts";
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
		assert.ok(clock.now() < START_TIME + 60_000);
	});
});

describe("Retry-After", () => {
	const after = (value: string): ScriptedStep[] => [{ status: 429, headers: { "retry-after": value } }, {}];

	test("in seconds is honored, even if it is shorter than our own delay", async () => {
		assert.deepEqual((await sendWithRetries(after("3"))).delays, [3_000]);
	});

	test("as a date is honored", async () => {
		assert.deepEqual(
			(await sendWithRetries(after(new Date(START_TIME + 42_000).toUTCString()))).delays,
			[42_000],
		);
	});

	test("as a date in the past means an immediate retry", async () => {
		assert.deepEqual((await sendWithRetries(after(new Date(START_TIME - 42_000).toUTCString()))).delays, [0]);
	});

	test("that is invalid counts as absent", async () => {
		assert.deepEqual((await sendWithRetries(after("soon"))).delays, [15_000]);
	});

	test("beyond the deadline fails the operation at once", async () => {
		const { outcome, delays } = await sendWithRetries(after("7200"));
		assert.match(String(outcome), /gave up after 1200 s/);
		assert.deepEqual(delays, []);
	});
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

function createServiceError(status: number, retryAfter?: number): ServiceError {
	return new ServiceError("refused", {
		status,
		serviceCode: "",
		requestId: undefined,
		retryAfterMs: retryAfter,
	});
}

test("the delay after an error is the service's, ten seconds after a 503, and otherwise the default", () => {
	assert.equal(retryDelayAfter(createServiceError(503, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(createServiceError(500, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(createServiceError(503), 1_000), 10_000);
	assert.equal(retryDelayAfter(createServiceError(500), 1_000), 1_000);
	assert.equal(retryDelayAfter(new ConnectionLost("lost"), 2_000), 2_000);
});
