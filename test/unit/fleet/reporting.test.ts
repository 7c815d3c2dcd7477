import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	FleetError,
	formatFleetPlan,
	formatMemberCount,
	joinMessages,
	type MemberNouns,
	ProgressReporter,
	withBufferedMessages,
} from "../../../provider/fleet/reporting.ts";

const NOUNS: MemberNouns = { memberNoun: "device", membersProperty: "devices" };
const NONE = {
	added: [],
	changed: [],
	replaced: [],
	removed: [],
	handedOver: [],
	renamed: [],
	rekeyedCount: 0,
};
const names = (count: number) => Array.from({ length: count }, (_, index) => `d${index}`);

describe("formatFleetPlan", () => {
	test("returns undefined where the plan does nothing", () => {
		assert.equal(formatFleetPlan(NOUNS, NONE), undefined);
	});

	test("names the counted noun, singular or plural, in the first part only", () => {
		assert.equal(formatFleetPlan(NOUNS, { ...NONE, added: ["a"] }), "1 device to create (a)");
		assert.equal(formatFleetPlan(NOUNS, { ...NONE, removed: ["a", "b"] }), "2 devices to delete (a, b)");
		assert.equal(
			formatFleetPlan(NOUNS, {
				...NONE,
				added: ["a"],
				changed: ["b", "c"],
				replaced: ["e"],
				removed: ["d"],
			}),
			"1 device to create (a), 2 to change (b, c), 1 to replace (e), 1 to delete (d)",
		);
		assert.equal(formatMemberCount(NOUNS, 0), "0 devices");
	});

	test("says how many of the changes are credentials", () => {
		assert.equal(
			formatFleetPlan(NOUNS, { ...NONE, changed: ["a", "b"], removed: ["c"], rekeyedCount: 1 }),
			"2 devices to change (a, b; 1 with other credentials), 1 to delete (c)",
		);
	});

	test("leaves names as they are, spaces included", () => {
		assert.equal(formatFleetPlan(NOUNS, { ...NONE, changed: ["a  b"] }), "1 device to change (a  b)");
	});
});

test("lists at most twelve names and twenty messages", () => {
	const plan = formatFleetPlan(NOUNS, { ...NONE, added: names(12), removed: names(500) });
	assert.equal(
		plan,
		`12 devices to create (${names(12).join(", ")}), 500 to delete (${names(12).join(", ")} and 488 more)`,
	);
	assert.equal(joinMessages(names(20)), names(20).join("\n"));
	assert.equal(joinMessages(names(23)), [...names(20), "and 3 more"].join("\n"));
});

test("a FleetError of ten thousand failures lists twenty of them and keeps all", () => {
	const failed = new Map(names(10_000).map((id) => [id, new Error("refused")] as const));
	const error = new FleetError("10000 of 10000 devices failed", failed);
	assert.equal(error.message.split("\n").length, 22);
	assert.match(error.message, /\nand 9980 more$/);
	assert.equal(error.failed.size, 10_000);
	assert.equal(error.cause, failed.get("d0"));
});

test("buffered warnings are shown once, even if the action fails", async () => {
	const warnings: string[] = [];
	const warn = (text: string): void => void warnings.push(text);
	const action = async (collect: (text: string) => void): Promise<never> => {
		collect("a was adopted");
		collect("b was adopted");
		throw new Error("refused");
	};
	await assert.rejects(withBufferedMessages(warn, action), /refused/);
	assert.deepEqual(warnings, ["a was adopted\nb was adopted"]);
});

/** Returns the reports for this many objects, one of which is completed every `each` milliseconds. */
function reportsOf(total: number, { concurrency, each }: { concurrency: number; each: number }): string[] {
	let now = 0;
	const reports: string[] = [];
	const runtime = { now: () => now, warn: (text: string) => void reports.push(text) };
	const progress = new ProgressReporter("devices", { total, concurrency }, runtime);
	for (let done = 0; done < total; done++) {
		now += each;
		progress.completeOne();
	}
	return reports;
}

describe("ProgressReporter", () => {
	test("reports every ten seconds with the rate and the time left, and not at the end", () => {
		assert.deepEqual(reportsOf(30, { concurrency: 16, each: 1_000 }), [
			"10 of 30 devices, 1.0 a second, about 20 s left",
			"20 of 30 devices, 1.0 a second, about 10 s left",
		]);
		assert.equal(
			reportsOf(20, { concurrency: 16, each: 30_000 })[0],
			"1 of 20 devices, 2.0 a minute, about 10 min left",
		);
	});

	test("does not report where all objects are processed at once", () => {
		assert.deepEqual(reportsOf(16, { concurrency: 16, each: 30_000 }), []);
	});
});
