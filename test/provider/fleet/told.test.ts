import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FleetError } from "../../../provider/fleet/errors.ts";
import { joinMessages, type MemberNouns, formatMemberCount, formatNameList, formatFleetPlan } from "../../../provider/fleet/told.ts";

const CALLED: MemberNouns = { memberNoun: "device", membersProperty: "devices" };
const NONE = { added: [], changed: [], replaced: [], removed: [], handedOver: [], renamed: [], rekeyedCount: 0 };
const names = (count: number) => Array.from({ length: count }, (_, at) => `d${at}`);

describe("what a plan says", () => {
	test("is nothing where there is nothing to do", () => {
		assert.equal(formatFleetPlan(CALLED, NONE), undefined);
	});

	test("counts one and many in words that fit, the first of them only", () => {
		assert.equal(formatFleetPlan(CALLED, { ...NONE, added: ["a"] }), "1 device to create (a)");
		assert.equal(formatFleetPlan(CALLED, { ...NONE, removed: ["a", "b"] }), "2 devices to delete (a, b)");
		assert.equal(
			formatFleetPlan(CALLED, { ...NONE, added: ["a"], changed: ["b", "c"], replaced: ["e"], removed: ["d"] }),
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
	assert.equal(formatNameList(names(12)), names(12).join(", "));
	assert.equal(formatNameList(names(500)), `${names(12).join(", ")} and 488 more`);
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
