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

/** The command that writes the page. */
export const COMMAND = "npm run bench -- --fleet --write";

/** Returns the chart of a run: whole programs and what they are compared with. */
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
			`Bar chart with a logarithmic axis: seconds of up, preview, refresh and destroy for up to ${largest} devices, as a fleet, as a ` +
			"plain loop of requests, and as dynamic resources that do nothing. The figures of the latter two have their ratio to the " +
			"fleet in brackets. The tables of the page have the same figures.",
		axis: "seconds (logarithmic); in brackets: how many times the seconds of DeviceFleet",
		series: ["DeviceFleet", "plain loop of requests", "resources that do nothing"],
		groups,
	};
}

/** Returns the page with the figures of a run. */
export function formatPerformancePage(run: FleetRun): string {
	const { date, machine, node, engine, load } = run.surroundings;
	return [
		"# Performance of fleets",
		"",
		"After reading this page, you can estimate what a fleet costs in time, memory and state, and compare it with a plain loop of requests and",
		"with single resources. [Throttling and capacity](throttling.md) says how long a run takes on your hub.",
		"",
		`<!-- Written by \`${COMMAND}\`; to change it, edit test/bench/fleet. -->`,
		"",
		`Measured on ${date} by \`${COMMAND}\`: ${machine}, Node.js ${node}, engine ${engine}.`,
		`The load average of the minute before the run was ${load.toFixed(1)}. If it is more than half the number of processors, the times`,
		"are too long.",
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
	"The first table measures whole operations of a Pulumi program that declares one `DeviceFleet`. The emulator runs in a process of its",
	"own.",
	"",
	"- The plain loop uses undici and as many requests in flight as the provider. It sends only the requests that cannot be avoided: a PUT,",
	"  a twin read or a DELETE for each device, or the pages of one query. It keeps no state, compares nothing and has no engine.",
	'- "Nothing" is the cost of Pulumi itself: the same number of dynamic resources that do nothing. Computed figures are in proportion to',
	"  the measured ones.",
	"",
];

const THROTTLED = [
	"The next table runs the provider in process, with the emulator's throttles of S1 on a clock that runs fast. The floor is the least time",
	"in which the hub admits the requested operations: 100 at once and then 100 per minute, for twin reads 100 per second. The single",
	"resources are `DeviceIdentity`, 16 at a time.",
	"",
];

const BULK = [
	"The provider sends a PUT for each device and not `POST /devices` for 100 devices. Throttles count each item of a bulk call, and its",
	"response has neither etags nor generations. These must be read: with a registry GET for each device after the creation, and with a twin",
	"read for each device after the update, which does not change the generation. So the bulk rows below cost four registry operations for",
	"each device instead of three, and somebody else may write a device between the write and the read.",
	"",
	"Without throttles, bulk calls and more requests in flight save the same thing: latency. Under throttles, more requests in flight only",
	"wait longer, and those beyond the hub's queue are refused. A bulk call is admitted before its items are counted, so the last one may end",
	"before the floor.",
	"",
];

const IN_FLIGHT = [
	"The provider has at most eight requests in flight for a hub, unless `iothub:sku` and `iothub:units` describe a hub that needs more. Eight",
	"are enough for every edition with one unit up to a latency of about 95 ms, and for the smaller editions far beyond it. On S1 about 67",
	"requests fit into the 40 seconds that a request waits for its turn before it is refused; more requests in flight without a pace come",
	"close to that.",
	"",
];
