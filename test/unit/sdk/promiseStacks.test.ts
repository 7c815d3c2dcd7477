import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { omitPromiseStacks } from "../../../provider/sdk/promiseStacks.ts";
import { awaitOutput, MockedEngine } from "./mockedEngine.ts";
import { RESOURCES } from "./resourceClasses.ts";

new MockedEngine((inputs) => ({ state: inputs }));

/** The number of stack traces that ts-node's function, which the tests replace, had to look up. */
let lookUps = 0;
const lookUp: NonNullable<typeof Error.prepareStackTrace> = (error, callSites) => {
	lookUps += 1;
	return `${error}\n${callSites.map((site) => `    looked up ${site}`).join("\n")}`;
};

let before: typeof Error.prepareStackTrace;
beforeEach(() => {
	before = Error.prepareStackTrace;
	Error.prepareStackTrace = lookUp;
	lookUps = 0;
});
afterEach(() => {
	Error.prepareStackTrace = before;
	delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
});

for (const [type, declare] of Object.entries(RESOURCES)) {
	describe(type, () => {
		test("looks up few stack traces, all of them with PULUMI_DEBUG_PROMISE_LEAKS", async () => {
			const resource = declare("cheap");
			const few = lookUps;
			assert.equal(Error.prepareStackTrace, lookUp);
			process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
			const debugged = declare("debugged");
			const all = lookUps - few;
			assert.ok(few * 2 < all, `${few} without, ${all} with`);
			await Promise.all([awaitOutput(resource.urn), awaitOutput(debugged.urn)]);
		});

		test("leaves the stack trace of an error in the program's own code as it is", () => {
			const fail = (): never => {
				throw new Error("the program's fault");
			};
			const seen: (string | undefined)[] = [];
			const note = () => {
				seen.push(new Error("noted").stack);
				return undefined;
			};
			assert.throws(
				() => declare("broken", { transformations: [note, fail] }),
				(error: Error) => /^Error: the program's fault\n {4}looked up fail /.test(error.stack ?? ""),
			);
			assert.match(seen[0] ?? "", /^Error: noted\n {4}looked up note /);
			assert.equal(Error.prepareStackTrace, lookUp, "an error inside restores the function too");
		});
	});
}

describe("without stack traces of promises", () => {
	test("errors without a message have no frames, but those whose stack is read later do", () => {
		const restore = omitPromiseStacks();
		const early = new Error().stack;
		const late = new Error();
		restore();
		assert.equal(early, "Error");
		assert.match(late.stack ?? "", /^Error\n {4}looked up /);
	});

	test("positions in the source stay, for which the SDK lifts the limit of frames", () => {
		const restore = omitPromiseStacks();
		const limit = Error.stackTraceLimit;
		Error.stackTraceLimit = Number.POSITIVE_INFINITY;
		const { stack } = new Error();
		Error.stackTraceLimit = limit;
		const target: { stack?: string } = {};
		Error.captureStackTrace(target);
		const captured = target.stack;
		restore();
		assert.match(stack ?? "", /looked up /);
		assert.match(
			captured ?? "",
			/looked up /,
			"the oldest SDK captures them in an object that is not an error",
		);
	});

	test("Node.js formats stack traces as before if nothing looks them up", () => {
		Reflect.deleteProperty(Error, "prepareStackTrace");
		const restore = omitPromiseStacks();
		const { stack } = new Error();
		assert.match(stack ?? "", /^Error\n {4}at /);
		restore();
		assert.equal(Error.prepareStackTrace, undefined);
	});

	test("a function that the program installs meanwhile stays", () => {
		const restore = omitPromiseStacks();
		const other = () => "other";
		Error.prepareStackTrace = other;
		restore();
		assert.equal(Error.prepareStackTrace, other);
	});
});
