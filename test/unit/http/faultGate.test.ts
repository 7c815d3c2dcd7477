import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Deadline } from "../../../provider/http/deadline.ts";
import {
	ConnectionLost,
	DeadlineExceeded,
	LongWaitRequired,
	NotConnected,
	ServiceError,
} from "../../../provider/http/errors.ts";
import { FAULT_MEMORY_MS, FaultGate, type GatedRequest } from "../../../provider/http/faultGate.ts";
import { createPipeline, type SendRequest } from "../../../provider/http/pipeline.ts";
import { limitRate } from "../../../provider/http/rateLimit.ts";
import { RETRY_OPTIONS, retryRequests } from "../../../provider/http/retry.ts";
import { ConfigurationError } from "../../../provider/settings/reader.ts";
import { type FaultScope, RepeatedFault } from "../../../provider/sharedFault.ts";
import { createRequest, TestClock } from "../doubles.ts";

const DETAILS = { status: 401, serviceCode: "Unauthorized", requestId: undefined };
const createRefusal = (scope: FaultScope = "service"): ServiceError =>
	new ServiceError("refused", { ...DETAILS, scope });
const createNoConnection = (): NotConnected => new NotConnected("no connection", true, undefined);

/** A gate, and operations that send requests through it. */
function createGate() {
	const clock = new TestClock();
	const gate = new FaultGate(clock);
	let count = 0;
	const begin = (permission = "registryWrite"): GatedRequest => ({
		operationName: `creating d-${count++}`,
		permission,
		deadline: new Deadline("create", 20 * 60_000, clock),
	});
	/** Sends a request and returns its result, or its error. */
	const run = (request: GatedRequest, send: () => Promise<unknown>): Promise<unknown> =>
		gate.run(request, send).catch((error: unknown) => error);
	const fail = (request: GatedRequest, error: Error) => run(request, async () => Promise.reject(error));
	const succeed = (request: GatedRequest) => run(request, async () => "done");
	return { clock, gate, begin, run, fail, succeed };
}

describe("a refused credential", () => {
	test("is reported once: later operations with the same permission fail at once and refer to it", async () => {
		const { begin, fail, succeed } = createGate();
		const refusal = createRefusal();
		assert.equal(await fail(begin(), refusal), refusal);
		const repeated = await succeed(begin());
		assert.ok(repeated instanceof RepeatedFault);
		assert.match(repeated.message, /^creating d-1 was not tried: creating d-0 failed/);
		assert.deepEqual([repeated.fault, repeated.isUntried], [refusal, true]);
		assert.equal(await succeed(begin("registryRead")), "done", "another permission may be there");
	});

	test("of a request that was already sent refers to the first one, and counts as tried", async () => {
		const { begin, run, fail } = createGate();
		let refuse = (_: Error): void => {};
		const underWay = run(begin(), () => new Promise((_, reject) => (refuse = reject)));
		await fail(begin(), createRefusal());
		refuse(createRefusal());
		const repeated = await underWay;
		assert.ok(repeated instanceof RepeatedFault);
		assert.match(
			repeated.message,
			/^creating d-0 failed: creating d-1 failed for a reason that affects both/,
		);
		assert.equal(repeated.isUntried, false);
	});

	test("is forgotten after ten seconds, and remembered again if it still exists", async () => {
		const { clock, begin, fail, succeed } = createGate();
		await fail(begin(), createRefusal());
		clock.pass(FAULT_MEMORY_MS - 1);
		assert.ok((await succeed(begin())) instanceof RepeatedFault);
		clock.pass(1);
		const second = createRefusal();
		assert.equal(await fail(begin(), second), second);
		assert.equal(((await succeed(begin())) as RepeatedFault).fault, second);
		clock.pass(FAULT_MEMORY_MS);
		assert.equal(await succeed(begin()), "done");
	});

	test("is forgotten with the first success, which disproves it", async () => {
		const { begin, run, fail, succeed } = createGate();
		let finish = (): void => {};
		const underWay = run(begin(), () => new Promise<void>((resolve) => (finish = resolve)));
		await fail(begin(), createRefusal());
		assert.ok((await succeed(begin())) instanceof RepeatedFault);
		finish();
		await underWay;
		assert.equal(await succeed(begin()), "done");
	});

	test("also concerns operations that have begun", async () => {
		const { begin, fail, succeed } = createGate();
		const begun = begin();
		await succeed(begun);
		await fail(begin(), createRefusal());
		const repeated = await succeed(begun);
		assert.ok(repeated instanceof RepeatedFault);
		assert.equal(repeated.isUntried, false);
	});
});

describe("errors that are remembered for all permissions", () => {
	for (const error of [
		createNoConnection(),
		new ConfigurationError("iothub:connectionString", "holds a signature that expired"),
	]) {
		test(error.name, async () => {
			const { begin, fail, succeed } = createGate();
			assert.equal(await fail(begin("registryWrite"), error), error);
			assert.ok((await succeed(begin("twinRead"))) instanceof RepeatedFault);
		});
	}
});

describe("a wait that is longer than operations may take", () => {
	const createLongWait = (waitMs: number): LongWaitRequired =>
		new LongWaitRequired(waitMs, {
			status: 429,
			isUnwritten: true,
			operation: "create",
			setting: "iothub:timeouts",
			budgetMs: 1_200_000,
		});

	test("is respected by later operations with the same permission, for ten minutes at most", async () => {
		const { clock, begin, fail, succeed } = createGate();
		const longWait = createLongWait(86_400_000);
		assert.equal(await fail(begin(), longWait), longWait);
		clock.pass(599_999);
		const repeated = await succeed(begin());
		assert.ok(repeated instanceof RepeatedFault);
		assert.deepEqual([repeated.fault, repeated.isUntried], [longWait, true]);
		assert.equal(await succeed(begin("twinRead")), "done", "another meter may be free");
		clock.pass(1);
		assert.equal(await succeed(begin()), "done");
	});

	test("is not longer remembered than the service asks for", async () => {
		const { clock, begin, fail, succeed } = createGate();
		await fail(begin(), createLongWait(60_000));
		clock.pass(60_000);
		assert.equal(await succeed(begin()), "done");
	});

	test("does not concern operations that have begun: they determine the outcome of a lost write", async () => {
		const { begin, fail, succeed } = createGate();
		const writing = begin();
		await fail(writing, new ConnectionLost("the connection broke"));
		await fail(begin(), createLongWait(86_400_000));
		assert.equal(await succeed(writing), "done");
	});
});

test("an error that several gates or later operations meet is reported in full once", async () => {
	const [first, second] = [createGate(), createGate()];
	const error = Object.assign(new Error("sign-in failed"), { scope: "service" as const });
	assert.equal(await first.fail(first.begin(), error), error);
	const elsewhere = await second.fail(second.begin(), error);
	assert.ok(elsewhere instanceof RepeatedFault);
	assert.equal(elsewhere.first.operationName, "creating d-0");
	first.clock.pass(FAULT_MEMORY_MS);
	assert.ok((await first.fail(first.begin(), error)) instanceof RepeatedFault);
});

test("a step of the time of day does not change how long a fault is remembered", async () => {
	const { clock, begin, fail, succeed } = createGate();
	await fail(begin(), createRefusal());
	clock.stepWallTime(-86_400_000);
	clock.pass(FAULT_MEMORY_MS);
	assert.equal(await succeed(begin()), "done");
});

describe("errors that are not remembered", () => {
	for (const [title, error] of [
		["of one object", new ServiceError("refused", DETAILS)],
		["of creations, since objects can still be changed and deleted", createRefusal("creations")],
		["of a lost response", new ConnectionLost("the connection broke")],
		["of a deadline", new DeadlineExceeded("create", 1_000)],
	] as const) {
		test(title, async () => {
			const { begin, fail, succeed } = createGate();
			assert.equal(await fail(begin(), error), error);
			assert.equal(await succeed(begin()), "done");
		});
	}
});

describe("a missing connection", () => {
	test("is not shared if the service responded to another request meanwhile", async () => {
		const { begin, run, succeed } = createGate();
		let refuse = (_: Error): void => {};
		const underWay = run(begin(), () => new Promise((_, reject) => (refuse = reject)));
		await succeed(begin());
		const error = createNoConnection();
		refuse(error);
		assert.equal(await underWay, error);
		assert.equal(error.scope, undefined);
		assert.equal(await succeed(begin()), "done");
	});

	test("does not concern operations that have begun: they determine the outcome of a lost write", async () => {
		const { begin, fail, succeed } = createGate();
		const [writing, reading] = [begin(), begin()];
		await fail(writing, new ConnectionLost("the connection broke"));
		await succeed(reading);
		await fail(begin(), createNoConnection());
		assert.ok((await succeed(begin())) instanceof RepeatedFault, "another one is not begun");
		assert.equal(await succeed(writing), "done");
	});
});

describe("requests that wait", () => {
	/** Creates the client of a host with the same policies as the clients of the services. */
	function createClient(network: SendRequest, requestsPerSecond: Record<string, number> = {}) {
		const clock = new TestClock();
		const gate = new FaultGate(clock);
		const sent: string[] = [];
		const send = createPipeline(
			async (request) => {
				sent.push(request.url.pathname);
				return network(request);
			},
			retryRequests(clock),
			limitRate({ requestsPerSecond, maxInFlight: 8 }, clock),
		);
		const sendOne = (name: string): Promise<unknown> => {
			const request = createRequest(clock, {
				url: new URL(`https://hub.example/${name}`),
				repeatable: false,
			});
			const gated = { operationName: name, permission: "registryWrite", deadline: request.deadline };
			return gate
				.run(gated, async (signal) => {
					const response = await send({ ...request, signal });
					if (response.status === 401) throw createRefusal();
					return response.status;
				})
				.catch((error: unknown) => error);
		};
		const sendMany = (count: number): Promise<unknown[]> =>
			Promise.all(Array.from({ length: count }, (_, index) => sendOne(`d-${index}`)));
		return { clock, sent, sendOne, sendMany };
	}
	const unauthorized: SendRequest = async () => ({ status: 401, headers: {}, text: "" });
	const countRepeated = (outcomes: readonly unknown[]): number =>
		outcomes.filter((outcome) => outcome instanceof RepeatedFault).length;

	test("for a slot of the rate limit fail when the credential is refused", async () => {
		const { clock, sent, sendMany } = createClient(unauthorized, { registry: 1 });
		const startedAt = clock.now();
		assert.equal(countRepeated(await sendMany(500)), 499);
		assert.equal(sent.length, 11, "the burst of ten seconds");
		assert.equal(clock.now(), startedAt, "nobody waits for the others' slots");
	});

	test("give their slots back, so that later requests do not wait in vain", async () => {
		let status = 401;
		const { clock, sendOne, sendMany } = createClient(async () => ({ status, headers: {}, text: "" }), {
			registry: 1,
		});
		await sendMany(500);
		status = 200;
		clock.pass(FAULT_MEMORY_MS);
		const startedAt = clock.now();
		assert.equal(await sendOne("later"), 200);
		assert.equal(clock.now(), startedAt);
	});

	test("for a retry fail as soon as one request has had all of its retries", async () => {
		const refuse: SendRequest = async () => Promise.reject(createNoConnection());
		for (const rates of [{}, { registry: 100 / 60 }]) {
			const { clock, sent, sendMany } = createClient(refuse, rates);
			const alone = createClient(refuse, rates);
			const [startedAt, aloneAt] = [clock.now(), alone.clock.now()];
			await alone.sendOne("d-0");
			assert.equal(countRepeated(await sendMany(16)), 15);
			assert.equal(clock.now() - startedAt, alone.clock.now() - aloneAt);
			assert.ok(sent.length <= 16 * RETRY_OPTIONS.maxConnectAttempts);
		}
	});

	test("are not aborted once they are sent", async () => {
		let finish = (): void => {};
		const { sendOne } = createClient(async ({ url, signal }) => {
			if (url.pathname === "/refused") return { status: 401, headers: {}, text: "" };
			await new Promise<void>((resolve) => (finish = resolve));
			assert.equal(signal?.aborted, true);
			return { status: 200, headers: {}, text: "" };
		});
		const underWay = sendOne("sent");
		await sendOne("refused");
		finish();
		assert.equal(await underWay, 200);
	});
});

test("a deadline that ends the wait for a connection has the scope of the missing connection", async () => {
	const clock = new TestClock();
	const send = retryRequests(clock)(async () => Promise.reject(createNoConnection()));
	const deadline = new Deadline("create", 1, clock);
	await assert.rejects(send(createRequest(clock, { deadline })), {
		code: "DeadlineExceeded",
		scope: "service",
	});
});
