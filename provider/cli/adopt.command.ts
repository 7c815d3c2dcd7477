import { join } from "node:path";
import { adoptDevices, adoptMachines } from "../runtime.ts";
import { devicesTaken } from "./adopt.devices.ts";
import { ADOPT_HELP } from "./adopt.help.ts";
import { machinesTaken } from "./adopt.machines.ts";
import { type AdoptOptions, readAdoptOptions } from "./adopt.options.ts";
import type { Taken } from "./adopt.taken.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import { settingsOf } from "./stackState.ts";
import { writeFiles } from "./writeFiles.ts";

/** How many of the things that were left out are told. */
const TOLD = 20;

/** Brings what exists under Pulumi. */
export const adopt: Command = {
	summary: "writes the program and the import file for devices that exist",
	help: ADOPT_HELP,
	run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
	const options = readAdoptOptions(args);
	const taken = await takenOver(options);
	await writeFiles(options.out, taken.files, options);
	terminal.print(told(taken, options.out));
	return taken.left.length > 0 ? EXIT.failed : EXIT.well;
}

async function takenOver({ from, settings }: AdoptOptions): Promise<Taken> {
	const { config } = await settingsOf(settings);
	if ("machines" in from) return machinesTaken(await adoptMachines(from.machines, config), from);
	const { hubHostName, query, exact } = from;
	const args = { exact, ...(hubHostName && { hubHostName }), ...(query && { query }) };
	return devicesTaken(await adoptDevices(args, config), from);
}

function told({ what, files, notes, left }: Taken, folder: string): string {
	const names = Object.keys(files).map((name) => join(folder, name));
	const lines = left.slice(0, TOLD).map(({ id, reason }) => `- ${id}: ${reason}\n`);
	const rest = left.length > TOLD ? `- and ${left.length - TOLD} more\n` : "";
	const blocks = [
		`${what}: ${names.join(", ")}\n`,
		notes.map((note) => `${note}\n`).join(""),
		left.length === 0 ? "" : `Left out, for no program may declare them so:\n${lines.join("")}${rest}`,
		NEXT,
	];
	return blocks.filter((block) => block !== "").join("\n");
}

const NEXT = `Then, in the folder of Pulumi.yaml, with pulumi-device-identity installed:

    pulumi import --file import.json --protect=false --generate-code=false
    pulumi preview --diff
`;
