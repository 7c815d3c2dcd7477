import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	FleetError,
	formatFleetPlan,
	formatMemberCount,
	joinMessages,
	type MemberNouns,
	ProgressReporter,
} from "../../../provider/fleet/reporting.ts";

const CALLED: MemberNouns = { memberNoun: "device", membersProperty: "devices" };
const NONE = {
	added: [],
	changed: [],
	replaced: [],
	removed: [],
	handedOver: [],
	renamed: [],
	rekeyedCount: 0,
};
const names = (count: number) => Array.from({ length: count }, (_, at) => `d${at}`);

describe("what a plan says", () => {
	test("is nothing where there is nothing to do", () => {
		assert.equal(formatFleetPlan(CALLED, NONE), undefined);
	});

	test("counts one and many in words that fit, the first of them only", () => {
		assert.equal(formatFleetPlan(CALLED, { ...NONE, added: ["a"] }), "1 device to create (a)");
		assert.equal(formatFleetPlan(CALLED, { ...NONE, removed: ["a", "b"] }), "2 devices to delete (a, b)");
		assert.equal(
			formatFleetPlan(CALLED, {
				...NONE,
				added: ["a"],
				changed: ["b", "c"],
				replaced: ["e"],
				removed: ["d"],
			}),
			"1 device to create (a), 2 to change (b, c), 1 to replace (e), 1 to delete (d)",
		);
		assert.equal(formatMemberCount(CALLED, 0), "0 devices");
	});

	test("tells how many of the changes are credentials", () => {
		assert.equal(
			formatFleetPlan(CALLED, { ...NONE, changed: ["a", "b"], removed: ["c"], rekeyedCount: 1 }),
			"2 devices to change (a, b; 1 with other credentials), 1 to delete (c)",
		);
	});

	test("leaves ids as they are, with blanks too", () => {
		assert.equal(formatFleetPlan(CALLED, { ...NONE, changed: ["a  b"] }), "1 device to change (a  b)");
	});
});

test("names are listed up to twelve, texts up to twenty", () => {
	const plan = formatFleetPlan(CALLED, { ...NONE, added: names(12), removed: names(500) });
	assert.equal(
		plan,
		`12 devices to create (${names(12).join(", ")}), 500 to delete (${names(12).join(", ")} and 488 more)`,
	);
	assert.equal(joinMessages(names(20)), names(20).join("\n"));
	assert.equal(joinMessages(names(23)), [...names(20), "and 3 more"].join("\n"));
});

test("ten thousand failures make a message that can be read, and are all known", () => {
	const failed = new Map(names(10_000).map((id) => [id, new Error("refused")] as const));
	const error = new FleetError("10000 of 10000 devices failed", failed);
	assert.equal(error.message.split("\n").length, 22);
	assert.match(error.message, /\nand 9980 more$/);
	assert.equal(error.failed.size, 10_000);
	assert.equal(error.cause, failed.get("d0"));
});

/** What is said of so many objects, one of which is done every so many milliseconds. */
function saidOf(total: number, { atOnce, each }: { atOnce: number; each: number }): string[] {
	let now = 0;
	const said: string[] = [];
	const runtime = { now: () => now, warn: (text: string) => void said.push(text) };
	const progress = new ProgressReporter("devices", { total, concurrency: atOnce }, runtime);
	for (let done = 0; done < total; done++) {
		now += each;
		progress.completeOne();
	}
	return said;
}

describe("the progress of a fleet", () => {
	test("is told every ten seconds, with the rate and the time left, and not at the end", () => {
		assert.deepEqual(saidOf(30, { atOnce: 16, each: 1_000 }), [
			"10 of 30 devices, 1.0 a second, about 20 s left",
			"20 of 30 devices, 1.0 a second, about 10 s left",
		]);
		assert.equal(
			saidOf(20, { atOnce: 16, each: 30_000 })[0],
			"1 of 20 devices, 2.0 a minute, about 10 min left",
		);
	});

	test("is not told where all is under way at once, for then no rate says when it ends", () => {
		assert.deepEqual(saidOf(16, { atOnce: 16, each: 30_000 }), []);
	});
});
