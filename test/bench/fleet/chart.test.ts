import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Chart, computeShare, drawChart, listDecades } from "./chart.ts";
import { readRecordedChart, readRecordedPicture } from "./record.ts";

const CHART: Chart = {
	title: "Up & down",
	description: "Fleets <of devices>",
	axis: "seconds",
	series: ["fleet", "loop"],
	groups: [
		{ label: "up, 1,000", values: [4, 0.4], goal: 5 },
		{ label: "up, 10,000", values: [40, undefined] },
	],
};

/** Returns the values of a numeric attribute of the elements of a class, in order. */
function numbers(svg: string, mark: string, name: string): number[] {
	return [...svg.matchAll(new RegExp(`<\\w+ class="${mark}"[^>]* ${name}="([\\d.]+)"`, "g"))].map(
		([, value]) => Number(value),
	);
}

describe("the axis", () => {
	test("begins and ends at powers of ten around all values", () => {
		assert.deepEqual(listDecades([0.4, 5, 40]), [0.1, 1, 10, 100]);
		assert.deepEqual(listDecades([1, 10]), [1, 10]);
		assert.deepEqual(listDecades([7]), [1, 10]);
	});
	test("has a default range if no value has a logarithm", () => {
		assert.deepEqual(listDecades([0, Number.NaN]), [1, 10]);
	});
	test("gives every power of ten the same width, and limits values to the axis", () => {
		const ticks = [0.1, 1, 10];
		assert.deepEqual(
			[0.1, 1, 10].map((value) => computeShare(value, ticks)),
			[0, 0.5, 1],
		);
		assert.deepEqual([computeShare(0, ticks), computeShare(1_000, ticks)], [0, 1]);
	});
});

describe("the chart", () => {
	const svg = drawChart(CHART);
	test("has a bar for each value, with the length of its logarithm", () => {
		const [small = 0, large = 0] = numbers(svg, "s0", "width").slice(1);
		assert.equal(numbers(svg, "s1", "width").length - 1, 1);
		assert.ok(
			Math.abs(large - small - (computeShare(40, [0.1, 100]) - computeShare(4, [0.1, 100])) * 590) < 0.3,
		);
	});
	test("has a mark for each goal, beyond the bar that meets it", () => {
		const [inLegend, mark, ...others] = numbers(svg, "m", "x1");
		const [, width = 0] = numbers(svg, "s0", "width");
		assert.equal(inLegend, 6);
		assert.deepEqual(others, []);
		assert.ok((mark ?? 0) > 210 + width);
		assert.ok(!drawChart({ ...CHART, groups: [{ label: "a", values: [1] }] }).includes('class="m"'));
	});
	test("has no figure under a mark", () => {
		const figureAt = (goal: number) =>
			numbers(
				drawChart({
					...CHART,
					groups: [
						{ label: "a", values: [4], goal },
						{ label: "b", values: [40] },
					],
				}),
				"v",
				"x",
			)[0] ?? 0;
		assert.ok(figureAt(4.4) > figureAt(30));
		assert.equal(figureAt(2), figureAt(30));
	});
	test("has the ratio of each figure to the first of its group, and none for the first", () => {
		const groups = [
			{ label: "a", values: [4, 0.4, 96] },
			{ label: "b", values: [undefined, 7] },
		];
		const figures = [...drawChart({ ...CHART, groups }).matchAll(/class="v"[^>]*>([^<]+)</g)].map(
			([, text]) => text,
		);
		assert.deepEqual(figures, ["4.00", "0.40 (0.10×)", "96.0 (24×)", "7.00"]);
	});
	test("in docs/ shows the figures of its page", () => {
		const readFigures = (picture: string) =>
			[...picture.matchAll(/class="v"[^>]*>([\d.]+)(?: \(([\d.]+)×\))?</g)].map(([, value, times]) => ({
				value,
				times: Number(times ?? 1),
			}));
		const shown = readFigures(readRecordedPicture());
		const recorded = readFigures(drawChart(readRecordedChart()));
		assert.equal(recorded.length, 36);
		assert.deepEqual(
			shown.map(({ value }) => value),
			recorded.map(({ value }) => value),
		);
		// The page has rounded figures, so a ratio of two of them may differ in its last digit.
		for (const [index, { times }] of recorded.entries())
			assert.ok(Math.abs((shown[index]?.times ?? 0) - times) <= 0.011 + times * 0.05, `${times}`);
	});
	test("has a title and a description for screen readers, and is well-formed with any text", () => {
		assert.match(svg, /role="img" aria-labelledby="title desc"/);
		assert.match(
			svg,
			/<title id="title">Up &amp; down<\/title>\n<desc id="desc">Fleets &lt;of devices&gt;<\/desc>/,
		);
		const open: string[] = [];
		for (const [, closing, name = "", , alone] of svg.matchAll(/<(\/?)(\w+)((?:\s[^<>]*?)?)(\/?)>/g)) {
			if (closing) assert.equal(open.pop(), name);
			else if (!alone) open.push(name);
		}
		assert.deepEqual(open, []);
	});
	test("has colours for dark pages", () => {
		assert.match(svg, /@media \(prefers-color-scheme:dark\)/);
	});
});
