/**
 * `npm run bench`: runs the benchmarks and their baselines.
 *
 *     npm run bench -- --devices 200 --stand-in
 */
import { parseArgs } from "node:util";
import { findEngine } from "../engine/index.ts";
import { measureColdStarts } from "./coldStart.ts";
import { measureDriftCost } from "./drift.ts";
import { runFleetBench } from "./fleet/fleet.ts";
import { measureImportsAtOnce } from "./imports.ts";
import { countRequestsPerMachine, countRequestsPerOperation } from "./requests.ts";
import { measureAgainstNothing } from "./scale.ts";
import { measureState } from "./state.ts";
import { formatTable } from "./table.ts";

const HELP = `npm run bench -- [--devices N] [--drift N] [--machines N [--parallel N]] [--stand-in]
       npm run bench -- --fleet [--devices N] [--write] [--stand-in]
       npm run bench -- --cold-start [--stand-in]

  --devices N   the number of resources in the comparison (default 1000); with --fleet, the largest fleet
  --drift N     the number of devices in the larger plan on a throttled hub; every hundredth was changed outside Pulumi
                (default 10000, which takes half a minute)
  --machines N  only register N machines of Windows Autopilot in one up, with imports of a realistic 20 to 60 seconds
                each: 100 machines take two minutes
  --parallel N  the number of machines at a time (default all; Pulumi's own default is four for each processor)
  --fleet       only measure fleets of 1,000, 10,000 and 100,000 devices against goals and baselines, a throttled hub,
                and bulk calls; takes some ten minutes on an idle machine
  --write       with --fleet, write docs/performance.md and its chart from the run
  --cold-start  only measure the time to the first resource, compared with programs without this package
  --stand-in    use the stand-in for Pulumi's engine even if a pulumi is on PATH
  --help        print this help`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			devices: { type: "string" },
			drift: { type: "string", default: "10000" },
			machines: { type: "string" },
			parallel: { type: "string" },
			fleet: { type: "boolean" },
			write: { type: "boolean", default: false },
			"cold-start": { type: "boolean" },
			"stand-in": { type: "boolean" },
			help: { type: "boolean" },
		},
	});
	if (values.help) return console.log(HELP);
	const engine = await findEngine(values["stand-in"] ? "stand-in" : undefined);
	console.log(`Engine: ${engine.name} ${engine.version}. Node.js ${process.version}.\n`);
	if (values.machines !== undefined) {
		const machines = Number(values.machines);
		const rows = await measureImportsAtOnce(engine, machines, Number(values.parallel ?? machines));
		return console.log(formatTable("Machines registered in one up", rows));
	}
	if (values["cold-start"])
		return console.log(formatTable("Cold start, medians", await measureColdStarts(engine)));
	if (values.fleet) {
		const most = values.devices === undefined ? {} : { devices: Number(values.devices) };
		return runFleetBench(engine, { ...most, write: values.write });
	}
	console.log(
		formatTable("Requests for each operation on one device", await countRequestsPerOperation(engine)),
	);
	const machine = "Requests for each operation on one machine, in addition to one sign-in for each process";
	console.log(formatTable(machine, await countRequestsPerMachine(engine)));
	console.log(formatTable("Bytes of state for each resource, as compact JSON", await measureState(engine)));
	const drift =
		"Drift detection on an S1 hub with one unit, in seconds of the hub's own clock (pauses skipped)";
	console.log(formatTable(drift, await measureDriftCost(1_000, Number(values.drift))));
	const count = Number(values.devices ?? 1_000);
	const title = `${count} devices compared with ${count} dynamic resources that do nothing, checkpoints off`;
	console.log(formatTable(title, await measureAgainstNothing(engine, count)));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
