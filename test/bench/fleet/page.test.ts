import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listSizesUpTo } from "./fleet.ts";
import { OPERATIONS } from "./goals.ts";
import { createChart, formatPerformancePage } from "./page.ts";
import type { SizeFigures } from "./programs.ts";
import { type FleetRun, findNothingFigure } from "./tables.ts";

function each<Value>(value: Value) {
	const [up, preview, refresh, destroy] = OPERATIONS;
	return { [up]: value, [preview]: value, [refresh]: value, [destroy]: value };
}

function size(devices: number, seconds: number): SizeFigures {
	const fleet = each({ seconds, requests: devices, program: 2 ** 27, provider: undefined });
	return { devices, fleet, loop: each(1), stateBytes: 200, declaredBytes: 40 };
}

const OPERATIONS_OF_A_LIFE = { registry: 1_200, query: 0, twinRead: 0 };

const RUN: FleetRun = {
	surroundings: { date: "2026-01-02", machine: "2 × X", node: "v20.0.0", engine: "stand-in 3", load: 0.75 },
	sizes: [size(1_000, 5), size(10_000, 7)],
	nothing: { count: 1_000, seconds: each(20) },
	throttled: [
		{
			operation: "up",
			as: "one fleet",
			seconds: 1_188,
			floor: 1_140,
			requests: 2_000,
			refused: 0,
			failed: 0,
		},
		{
			operation: "up",
			as: "single resources",
			seconds: 1_140,
			floor: 1_140,
			requests: 9,
			refused: 0,
			failed: 1,
		},
		{ operation: "refresh", as: "one fleet", seconds: 40, floor: 19, requests: 9, refused: 0, failed: 0 },
		{ operation: "preview", as: "one fleet", seconds: 1, floor: 0, requests: 9, refused: 0, failed: 0 },
	],
	quick: [],
	paced: [
		{
			...{ way: "single", inFlight: 8, devices: 400, seconds: 670, refused: 0, slowest: 5 },
			operations: OPERATIONS_OF_A_LIFE,
		},
	],
};

/** Returns the cells of the table rows of the page that begin with a cell. */
function rows(beginning: string): string[][] {
	const lines = formatPerformancePage(RUN).split("\n");
	const cells = lines
		.filter((line) => line.startsWith("| "))
		.map((line) => line.split("|").map((cell) => cell.trim()));
	return cells.map((row) => row.slice(1, -1)).filter((row) => row[0] === beginning);
}

describe("the page", () => {
	test("says for each figure whether it meets its goal", () => {
		const verdicts = [...rows("1,000"), ...rows("10,000")].filter(([, operation]) =>
			OPERATIONS.some((one) => one === operation),
		);
		assert.deepEqual(
			verdicts.map(([, operation, , goal, verdict]) => [operation, goal, verdict]),
			[
				["up", "5", "pass"],
				["preview, unchanged", "4", "miss"],
				["refresh, 1 % changed", "4", "miss"],
				["destroy", "5", "pass"],
				["up", "12", "pass"],
				["preview, unchanged", "6", "miss"],
				["refresh, 1 % changed", "8", "pass"],
				["destroy", "12", "pass"],
			],
		);
	});
	test("marks an operation that failed for a device as missed, and one without a floor as neither", () => {
		const verdicts = [...rows("one fleet"), ...rows("single resources")].map((row) => [row[4], row[6]]);
		assert.deepEqual(verdicts, [
			["1.042", "pass"],
			["2.105", "miss"],
			["no floor", ""],
			["1.000", "miss"],
		]);
	});
	test("marks computed figures as computed", () => {
		assert.equal(rows("1,000")[0]?.[6], "20.0");
		assert.equal(rows("10,000")[0]?.[6], "200.0 (computed)");
		assert.equal(findNothingFigure(RUN.nothing, 500, "up"), 10);
	});
	test("computes the floor for many devices from the measured operations", () => {
		assert.deepEqual(rows("one request per device")[0]?.slice(-2), ["299", "5.0"]);
	});
	test("computes how many requests in flight keep a hub busy: those that arrive during one response", () => {
		assert.deepEqual(
			[...rows("S1"), ...rows("S3")].map((row) => row.slice(1)),
			[
				["1", "1.7", "1", "1", "1"],
				["200", "333.3", "17", "34", "167"],
				["1", "83.3", "5", "9", "42"],
				["10", "833.3", "42", "84", "417"],
			],
		);
	});
	test("gives date, machine and versions of the measurement", () => {
		const head = formatPerformancePage(RUN).split("![")[0] ?? "";
		for (const word of ["2026-01-02", "2 × X", "v20.0.0", "stand-in 3", "0.8"])
			assert.ok(head.includes(word), word);
	});
});

test("the chart has a group for each operation and size, with three series and the goal", () => {
	const { groups } = createChart(RUN);
	assert.equal(groups.length, 8);
	assert.deepEqual(groups[1], { label: "up, 10,000", values: [7, 1, 200], goal: 12 });
});

test("a run measures all sizes with goals, those up to a number, or only that number", () => {
	assert.deepEqual(listSizesUpTo(), [1_000, 10_000, 100_000]);
	assert.deepEqual(listSizesUpTo(20_000), [1_000, 10_000]);
	assert.deepEqual(listSizesUpTo(200), [200]);
});
