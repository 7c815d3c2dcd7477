import { join } from "node:path";
import { adoptDevices, adoptMachines } from "../runtime.ts";
import { listFirst } from "../text/quantities.ts";
import { writeFiles } from "./adopt.files.ts";
import { ADOPT_HELP, type AdoptOptions, readAdoptOptions } from "./adopt.options.ts";
import { type AdoptOutput, generateDeviceOutput, generateMachineOutput } from "./adopt.resources.ts";
import { type Command, EXIT_CODES, type Terminal } from "./command.ts";
import { readStackSettings } from "./stackState.ts";

/** Maximum number of skipped objects that are listed. */
const MAX_LISTED_SKIPPED = 20;

/** Generates a program and an import file for existing objects. */
export const adoptCommand: Command = {
	summary: "writes the program and the import file for devices that exist",
	help: ADOPT_HELP,
	run: runAdopt,
};

async function runAdopt(args: readonly string[], terminal: Terminal): Promise<number> {
	const options = readAdoptOptions(args);
	const output = await generateAdoptOutput(options);
	await writeFiles(options.outFolder, output.files, options);
	terminal.print(formatAdoptOutput(output, options.outFolder));
	return output.skipped.length > 0 ? EXIT_CODES.failure : EXIT_CODES.success;
}

async function generateAdoptOutput({ selection, settingsSource }: AdoptOptions): Promise<AdoptOutput> {
	const { config } = await readStackSettings(settingsSource);
	if (selection.service === "autopilot")
		return generateMachineOutput(await adoptMachines(selection.filter, config), selection);
	const { hubHostName, query, exact } = selection;
	const args = { exact, ...(hubHostName && { hubHostName }), ...(query && { query }) };
	return generateDeviceOutput(await adoptDevices(args, config), selection);
}

function formatAdoptOutput({ summary, files, notes, skipped }: AdoptOutput, folder: string): string {
	const paths = Object.keys(files).map((name) => join(folder, name));
	const reasons = listFirst(skipped, MAX_LISTED_SKIPPED, ({ id, reason }) => `${id}: ${reason}`);
	const lines = reasons.map((line) => `- ${line}\n`);
	const blocks = [
		`${summary}: ${paths.join(", ")}\n`,
		notes.map((note) => `${note}\n`).join(""),
		skipped.length === 0 ? "" : `Left out, for no program may declare them so:\n${lines.join("")}`,
		NEXT_STEPS,
	];
	return blocks.filter((block) => block !== "").join("\n");
}

const NEXT_STEPS = `Then, in the folder of Pulumi.yaml, with pulumi-device-identity installed:

    pulumi import --file import.json --protect=false --generate-code=false
    pulumi preview --diff
`;
