/**
 * `npm run bench`: what is measured, beside what it is compared with in the same run.
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

  --devices N   how many resources the comparison deploys (default 1000)
  --drift N     how many devices the larger plan on a throttled hub has, of which each hundredth was changed elsewhere
                (default 10000, which takes half a minute)
  --machines N  instead of everything else, register so many machines of Windows Autopilot in one up, with imports that
                take 20 to 60 seconds each as they do in reality: 100 take two minutes
  --parallel N  how many of them at a time (default all; Pulumi's own default is four for each processor)
  --fleet       instead of everything else, measure fleets of 1,000, 10,000 and 100,000 devices beside goals and rivals, a
                throttled hub, and bulk calls: some ten minutes on a quiet machine; with --devices N none larger than N
  --write       with --fleet, write docs/performance.md and its picture from the run
  --cold-start  instead of everything else, how long it takes to the first resource, beside programs without ours
  --stand-in    use the stand-in for Pulumi's engine even where a pulumi is on PATH`;

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
	const machine = "Requests for each operation on one machine, besides a sign-in for each process";
	console.log(formatTable(machine, await countRequestsPerMachine(engine)));
	console.log(formatTable("Bytes of state for each resource, as compact JSON", await measureState(engine)));
	const drift =
		"Looking for changes on an S1 hub of one unit, in seconds on the hub's own clock (pauses skipped)";
	console.log(formatTable(drift, await measureDriftCost(1_000, Number(values.drift))));
	const count = Number(values.devices ?? 1_000);
	const title = `${count} devices beside ${count} dynamic resources that do nothing, checkpoints off`;
	console.log(formatTable(title, await measureAgainstNothing(engine, count)));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
