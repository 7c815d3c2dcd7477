/**
 * `npm run bench`: what is measured, beside what it is compared with in the same run.
 *
 *     npm run bench -- --devices 200 --stand-in
 */
import { parseArgs } from "node:util";
import { findEngine } from "../engine/index.ts";
import { requestsPerOperation } from "./requests.ts";
import { againstNothing } from "./scale.ts";
import { bytesOfState } from "./state.ts";
import { table } from "./table.ts";

const HELP = `npm run bench -- [--devices N] [--stand-in]

  --devices N   how many resources the comparison deploys (default 1000)
  --stand-in    use the stand-in for Pulumi's engine even where a pulumi is on PATH`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			devices: { type: "string", default: "1000" },
			"stand-in": { type: "boolean" },
			help: { type: "boolean" },
		},
	});
	if (values.help) return console.log(HELP);
	const engine = await findEngine(values["stand-in"] ? "stand-in" : undefined);
	console.log(`Engine: ${engine.name} ${engine.version}. Node.js ${process.version}.\n`);
	console.log(table("Requests for each operation on one device", await requestsPerOperation(engine)));
	console.log(table("Bytes of state for each device, as compact JSON", await bytesOfState(engine)));
	const count = Number(values.devices);
	const title = `${count} devices beside ${count} dynamic resources that do nothing, checkpoints off`;
	console.log(table(title, await againstNothing(engine, count)));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
