import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_PLAN, type FleetPlan } from "../../../provider/fleet/fleetType.ts";
import { formatFleetPlan } from "../../../provider/fleet/planReport.ts";
import type { MemberNouns } from "../../../provider/fleet/reporting.ts";

const NOUNS: MemberNouns = { memberNoun: "device", membersProperty: "devices" };
const format = (plan: Partial<FleetPlan>) => formatFleetPlan(NOUNS, { ...EMPTY_PLAN, ...plan });

test("returns undefined if the plan does nothing", () => {
	assert.equal(format({}), undefined);
});

test("names the counted noun, singular or plural, in the first part only", () => {
	assert.equal(format({ added: ["a"] }), "1 device to create (a)");
	assert.equal(format({ removed: ["a", "b"] }), "2 devices to delete (a, b)");
	assert.equal(
		format({ added: ["a"], replaced: ["e"], removed: ["d"] }),
		"1 device to create (a), 1 to replace (e), 1 to delete (d)",
	);
});

test("lists the changed members below by their changes, including those that change in state only", () => {
	const changeNotes = new Map([
		["dev-10", "status"],
		["dev-9", "status"],
		["dev-2", "status, statusReason"],
		["dev-3", "gets a new secondary key"],
		["dev-4", ""],
	]);
	assert.equal(
		format({ changed: [...changeNotes.keys()], changeNotes, removed: ["dev-1"] }),
		[
			"5 devices to change, 1 to delete (dev-1):",
			"    status, statusReason: dev-2",
			"    gets a new secondary key: dev-3",
			"    in state only: dev-4",
			"    status: dev-9, dev-10",
		].join("\n"),
	);
});

test("lists at most twelve names, in natural order, and twelve kinds of changes", () => {
	const names = Array.from({ length: 500 }, (_, index) => `d${499 - index}`);
	const first = Array.from({ length: 12 }, (_, index) => `d${index}`).join(", ");
	assert.equal(
		format({ added: names.slice(-12), removed: names }),
		`12 devices to create (${first}), 500 to delete (${first} and 488 more)`,
	);
	const kinds = format({
		changed: names,
		changeNotes: new Map(names.map((name) => [name, `field ${name}`])),
	});
	assert.equal(kinds?.split("\n").length, 14);
	assert.match(kinds ?? "", /\n {4}field d11: d11\n {4}and 488 more$/);
	const alike = format({ changed: names, changeNotes: new Map(names.map((name) => [name, "status"])) });
	assert.equal(alike, `500 devices to change:\n    status: ${first} and 488 more`);
});

test("does not change names, including spaces", () => {
	assert.equal(format({ removed: ["a  b"] }), "1 device to delete (a  b)");
});
