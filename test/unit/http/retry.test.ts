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

/** Plays a script to a request behind the policy. Answers what was thrown or answered, and at what pauses. */
async function play(
	steps: readonly ScriptedStep[],
	rest: Partial<HttpRequest> = {},
	clock = new TestClock(),
) {
	const { send, sent } = createScriptedNetwork(...steps);
	const outcome = await retryRequests(clock)(send)(createRequest(clock, rest)).catch((error: Error) => error);
	return { outcome, tries: sent.length, pauses: clock.sleeps };
}

const status = (outcome: object): unknown => ("status" in outcome ? outcome.status : outcome);
const write = { method: "PUT", repeatable: false } as const;

describe("an answer that says no", () => {
	for (const code of [400, 401, 403, 404, 409, 412]) {
		test(`${code} is handed on at once`, async () => {
			const { outcome, tries } = await play([{ status: code }]);
			assert.equal(status(outcome), code);
			assert.equal(tries, 1);
		});
	}
});

describe("429", () => {
	test("is repeated for writes too, for the service did not carry them out", async () => {
		const { outcome, tries } = await play([{ status: 429 }, { status: 429 }, { status: 200 }], write);
		assert.equal(status(outcome), 200);
		assert.equal(tries, 3);
	});

	test("waits ten seconds at least, whatever chance says", async () => {
		const clock = new TestClock();
		clock.chance = 0;
		const { pauses } = await play([...Array(3).fill({ status: 429 }), {}], {}, clock);
		assert.deepEqual(pauses, [10_000, 10_000, 10_000]);
	});

	test("waits a growing random part more, up to a minute in all", async () => {
		const clock = new TestClock();
		clock.chance = 1;
		const { pauses } = await play([...Array(6).fill({ status: 429 }), {}], {}, clock);
		assert.deepEqual(pauses, [20_000, 30_000, 50_000, 60_000, 60_000, 60_000]);
	});

	test("is repeated until the operation's time is over, and never sleeps beyond it", async () => {
		const clock = new TestClock();
		const deadline = new Deadline("create", 60_000, clock);
		const { outcome } = await play([{ status: 429 }], { ...write, deadline }, clock);
		assert.match(String(outcome), /gave up after 60 s.*create.*the service answered 429/);
		assert.ok(clock.now() < START_TIME + 60_000);
	});
});

describe("Retry-After", () => {
	const after = (value: string): ScriptedStep[] => [{ status: 429, headers: { "retry-after": value } }, {}];

	test("in seconds is honoured, shorter than our own pause too", async () => {
		assert.deepEqual((await play(after("3"))).pauses, [3_000]);
	});

	test("as a date is honoured", async () => {
		assert.deepEqual((await play(after(new Date(START_TIME + 42_000).toUTCString()))).pauses, [42_000]);
	});

	test("as a date in the past means at once", async () => {
		assert.deepEqual((await play(after(new Date(START_TIME - 42_000).toUTCString()))).pauses, [0]);
	});

	test("that nobody can read counts as absent", async () => {
		assert.deepEqual((await play(after("soon"))).pauses, [15_000]);
	});

	test("beyond the operation's time ends it now", async () => {
		const { outcome, pauses } = await play(after("7200"));
		assert.match(String(outcome), /gave up after 1200 s/);
		assert.deepEqual(pauses, []);
	});
});

describe("trouble of the service", () => {
	for (const code of [408, 500, 502, 504]) {
		test(`${code} lets a read be tried six times`, async () => {
			const { outcome, tries } = await play([{ status: code }]);
			assert.equal(status(outcome), code);
			assert.equal(tries, 6);
		});
	}

	test("is never answered with a second write", async () => {
		for (const code of [408, 500, 502, 503, 504]) {
			const { outcome, tries } = await play([{ status: code }], write);
			assert.equal(status(outcome), code);
			assert.equal(tries, 1);
		}
	});

	test("pauses grow from one second to twenty", async () => {
		const clock = new TestClock();
		clock.chance = 1;
		assert.deepEqual((await play([{ status: 500 }], {}, clock)).pauses, [1_000, 2_000, 4_000, 8_000, 16_000]);
	});

	test("503 is a kind of throttling for reads, which wait as long as after a 429", async () => {
		const { outcome, tries, pauses } = await play([...Array(8).fill({ status: 503 }), {}]);
		assert.equal(status(outcome), 200);
		assert.equal(tries, 9);
		assert.equal(pauses[0], 15_000);
	});
});

describe("an error on the way", () => {
	const lost = new ConnectionLost("reset");
	const unreadable = new UnreadableAnswer("a page", 200);
	const refused = new NotConnected("refused", true, undefined);

	test("after which the outcome is unknown lets a read be tried six times", async () => {
		for (const error of [lost, unreadable]) {
			const { outcome, tries } = await play([error]);
			assert.equal(outcome, error);
			assert.equal(tries, 6);
		}
	});

	test("after which the outcome is unknown is never answered with a second write", async () => {
		for (const error of [lost, unreadable]) {
			const { outcome, tries } = await play([error, {}], write);
			assert.equal(outcome, error);
			assert.equal(tries, 1);
		}
	});

	test("before anything was sent lets a write be tried four times", async () => {
		const { outcome, tries } = await play([refused], write);
		assert.equal(outcome, refused);
		assert.equal(tries, 4);
	});

	test("that does not pass by itself is told at once", async () => {
		const untrusted = new NotConnected("not trusted", false, undefined);
		const { outcome, tries } = await play([untrusted, {}]);
		assert.equal(outcome, untrusted);
		assert.equal(tries, 1);
	});

	test("that is a fault of ours is never repeated", async () => {
		const fault = new TypeError("ours");
		const { outcome, tries } = await play([fault, {}]);
		assert.equal(outcome, fault);
		assert.equal(tries, 1);
	});
});

test("nothing is sent once the operation's time is over", async () => {
	const clock = new TestClock();
	const deadline = new Deadline("read", 1_000, clock);
	clock.pass(1_001);
	const { outcome, tries } = await play([{}], { deadline }, clock);
	assert.match(String(outcome), /gave up after 1 s/);
	assert.equal(tries, 0);
});

function refused(status: number, retryAfter?: number): ServiceError {
	return new ServiceError("refused", {
		status,
		serviceCode: "",
		requestId: undefined,
		retryAfterMs: retryAfter,
	});
}

test("a service is left alone as long as it says, for ten seconds where it is busy, and else as usual", () => {
	assert.equal(retryDelayAfter(refused(503, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(refused(500, 4_000), 1_000), 4_000);
	assert.equal(retryDelayAfter(refused(503), 1_000), 10_000);
	assert.equal(retryDelayAfter(refused(500), 1_000), 1_000);
	assert.equal(retryDelayAfter(new ConnectionLost("lost"), 2_000), 2_000);
});
