import type { Chart } from "./chart.ts";
import { getGoal, OPERATIONS } from "./goals.ts";
import {
	type FleetRun,
	findNothingFigure,
	formatCount,
	formatInFlightTable,
	formatPacedTable,
	formatProgramsTable,
	formatQuickTable,
	formatThrottledTable,
	stateTable,
} from "./tables.ts";

/** How to write the page anew. */
export const COMMAND = "npm run bench -- --fleet --write";

/** The picture of a run: whole programs beside their rivals. */
export function createChart({
	sizes,
	nothing,
	surroundings,
}: Pick<FleetRun, "sizes" | "nothing" | "surroundings">): Chart {
	const groups = OPERATIONS.flatMap((operation) =>
		sizes.map(({ devices, fleet, loop }) => ({
			label: `${operation.split(",")[0]}, ${formatCount(devices)}`,
			values: [fleet[operation].seconds, loop[operation], findNothingFigure(nothing, devices, operation)],
			goal: getGoal(devices, operation),
		})),
	);
	const largest = formatCount(sizes.at(-1)?.devices ?? 0);
	return {
		title: `DeviceFleet: seconds for whole programs, ${surroundings.date}`,
		description:
			`Bars on a logarithmic axis for up, preview, refresh and destroy of fleets of up to ${largest} devices: the fleet, a ` +
			"plain loop of requests, and as many dynamic resources that do nothing, with how many times as long as the fleet these " +
			"take. The tables of the page have the figures.",
		axis: "seconds (logarithmic); in brackets: how many times the seconds of DeviceFleet",
		series: ["DeviceFleet", "plain loop of requests", "resources that do nothing"],
		groups,
	};
}

/** The page on what a run measured. */
export function formatPerformancePage(run: FleetRun): string {
	const { date, machine, node, engine, load } = run.surroundings;
	return [
		"# Performance of fleets",
		"",
		`<!-- Written by \`${COMMAND}\`; changes belong into test/bench/fleet. -->`,
		"",
		`Measured on ${date} by \`${COMMAND}\`: ${machine}, Node.js ${node}, engine ${engine}.`,
		`When the run began, ${load.toFixed(1)} processes wanted a processor on the average of a minute; where that is more than`,
		"half of the processors, the times are too long.",
		"",
		`![${createChart(run).description}](fleet-bench.svg)`,
		"",
		...PROGRAMS,
		formatProgramsTable(run),
		stateTable(run),
		...THROTTLED,
		formatThrottledTable(run),
		...BULK,
		formatQuickTable(run),
		formatPacedTable(run),
		...IN_FLIGHT,
		formatInFlightTable(),
	].join("\n");
}

const PROGRAMS = [
	"Whole operations of a Pulumi program that declares one `DeviceFleet`, on the emulator in a process of its own. The plain",
	"loop sends with undici, as many at a time as the provider, the requests that nobody can do without: a PUT, a twin read or a",
	"DELETE for each device, or the pages of one query; it keeps no state, compares nothing and has no engine. The resources",
	"that do nothing are what Pulumi itself costs for as many resources of their own; figures marked computed are in proportion",
	"to those that were measured.",
	"",
];

const THROTTLED = [
	"The provider in process, with the emulator's throttles of S1 on a clock that runs fast. The floor is the least time in which",
	"the hub lets the operations through that were asked for: a hundred at once and a hundred a minute, for twin reads a hundred",
	"a second. The single resources are `DeviceIdentity`, sixteen at a time.",
	"",
];

const BULK = [
	"Why the provider sends a PUT for each device and not `POST /devices` for a hundred: throttles count the items of a bulk call,",
	"and its answer has neither etags nor generations. Those are collected by a registry GET each after the creation and by a",
	"twin read each after the update (the generation stays), so the lives below cost four registry operations for each device",
	"instead of three, and between a write and its reading somebody else may have written. Without throttles, bulk and a wider",
	"pool save the same thing, latency; under throttles more requests in flight only wait longer, and beyond what waits its",
	"turn they are refused. A bulk call is let in before it is paid for, which is why the last one may end before the floor.",
	"",
];

const IN_FLIGHT = [
	"The provider has at most eight requests under way for a hub. That is enough for every edition with one unit up to answers",
	"of some 95 ms, and for the smaller ones far beyond that. On S1 about 67 fit into the 40 seconds for which requests wait",
	"their turn before they are refused; a wider pool without a pace comes close to that.",
	"",
];
