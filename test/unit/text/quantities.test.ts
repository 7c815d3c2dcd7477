import assert from "node:assert/strict";
import { test } from "node:test";
import {
	formatBytes,
	formatCount,
	formatDuration,
	formatNameList,
	formatQuantity,
	formatTooManyMembers,
	listFirst,
	roundDown,
} from "../../../provider/text/quantities.ts";

test("formatNameList lists the given number of names and counts the rest", () => {
	assert.equal(formatNameList(["a", "b", "c"], 3), "a, b, c");
	assert.equal(formatNameList(["a", "b", "c"], 2), "a, b and 1 more");
});

test("listFirst formats the given number of items and counts the rest", () => {
	const formatted: string[] = [];
	const format = (item: string): string => {
		formatted.push(item);
		return item;
	};
	assert.deepEqual(listFirst(["a", "b", "c"], 3, format), ["a", "b", "c"]);
	formatted.length = 0;
	assert.deepEqual(listFirst(["a", "b", "c"], 2, format), ["a", "b", "and 1 more"]);
	assert.deepEqual(formatted, ["a", "b"], "an item that is not listed is not formatted");
});

test("formatCount separates thousands, and formatBytes writes megabytes from a million bytes on", () => {
	assert.equal(formatCount(1_234_567), "1,234,567");
	assert.equal(formatBytes(999_999), "999,999 bytes");
	assert.equal(formatBytes(110_000_000), "110 MB");
});

test("formatQuantity adds a plural s, except for 1", () => {
	assert.deepEqual(
		[0, 1, 2, 10_000].map((count) => formatQuantity(count, "object")),
		["0 objects", "1 object", "2 objects", "10,000 objects"],
	);
});

test("formatDuration rounds up and uses the unit that suits the length", () => {
	assert.deepEqual(
		[0.2, 1, 119.5, 121, 1_200, 7_199, 7_200, 12_000, 86_400, 259_199, 259_200, 31_536_000].map(
			formatDuration,
		),
		[
			"1 s",
			"1 s",
			"120 s",
			"3 min",
			"20 min",
			"2 h",
			"2 h",
			"3 h 20 min",
			"24 h",
			"3 days",
			"3 days",
			"365 days",
		],
	);
});

test("roundDown keeps two digits", () => {
	assert.deepEqual([0, 7, 76, 769, 123_456].map(roundDown), [0, 7, 76, 760, 120_000]);
});

test("formatTooManyMembers says how many members fit", () => {
	assert.equal(
		formatTooManyMembers(
			{ membersProperty: "devices", count: 400, bytes: 2_000_000, maxBytes: 1_000_000 },
			{ subject: "400 devices", measured: "their declaration is 2 MB of text" },
		),
		"400 devices are too many for one fleet: their declaration is 2 MB of text, and Pulumi's SDK can send at most 1 MB at once. " +
			"About 200 devices like these fit; split them into several fleets.",
	);
});
