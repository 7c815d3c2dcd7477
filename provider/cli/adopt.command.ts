import { join } from "node:path";
import { adoptDevices, adoptMachines } from "../runtime.ts";
import { formatQuantity, listFirst } from "../text/quantities.ts";
import { writeFiles } from "./adopt.files.ts";
import {
	ADOPT_HELP,
	type AdoptOptions,
	type DeviceSelection,
	type MachineSelection,
	readAdoptOptions,
} from "./adopt.options.ts";
import { formatRemovals, listRemovals, refuseRemovals } from "./adopt.removals.ts";
import { type AdoptOutput, generateDeviceOutput, generateMachineOutput } from "./adopt.resources.ts";
import { type Command, CommandError, EXIT_CODES, type Terminal } from "./command.ts";
import { readStackSettings } from "./stackState.ts";

/** Maximum number of skipped objects that are listed. */
const MAX_LISTED_SKIPPED = 20;

/** How to use the settings of a stack, in messages about missing settings. */
const STACK_REMEDY = "name a stack whose configuration has it with --stack NAME";

/** Generates a program and an import file for existing objects. */
export const adoptCommand: Command = {
	summary: "writes a program and an import file for existing devices or machines",
	help: ADOPT_HELP,
	run: runAdopt,
};

async function runAdopt(args: readonly string[], terminal: Terminal): Promise<number> {
	const options = readAdoptOptions(args);
	const { outFolder, force, allowRemovals, selection } = options;
	const output = await generateAdoptOutput(options);
	refuseEmptyProgram(output, selection);
	const removals = force ? listRemovals(outFolder, output) : [];
	if (!allowRemovals) refuseRemovals(outFolder, removals);
	await writeFiles(outFolder, output.files, options);
	terminal.print(formatAdoptOutput(output, outFolder, removals));
	return output.skipped.length > 0 ? EXIT_CODES.failure : EXIT_CODES.success;
}

async function generateAdoptOutput({ selection, settingsSource }: AdoptOptions): Promise<AdoptOutput> {
	const { config } = await readStackSettings(settingsSource, STACK_REMEDY);
	if (selection.service === "autopilot")
		return generateMachineOutput(await adoptMachines(selection.filter, config), selection);
	const { hubHostName, query, exact } = selection;
	const args = { exact, ...(hubHostName && { hubHostName }), ...(query && { query }) };
	return generateDeviceOutput(await adoptDevices(args, config), selection);
}

/** Throws if nothing can be declared: an empty program in place of another one would delete everything. */
function refuseEmptyProgram(
	{ declaredNames, skipped, place, noun }: AdoptOutput,
	selection: DeviceSelection | MachineSelection,
): void {
	if (declaredNames.length > 0) return;
	if (skipped.length > 0) {
		throw new CommandError(
			`None of the ${formatQuantity(skipped.length, noun)} found can be declared as it is; nothing was written:\n` +
				`${formatSkipped(skipped)}Change the listed ones, or select others.`,
		);
	}
	const { condition, remedy } = describeSelection(selection);
	throw new CommandError(`${place} has no ${noun}${condition}; nothing was written. ${remedy}`);
}

/** Describes what was selected, and what to do if nothing was found. */
function describeSelection(selection: DeviceSelection | MachineSelection): {
	condition: string;
	remedy: string;
} {
	if (selection.service === "autopilot") {
		const filters = Object.entries(selection.filter).map(([name, value]) => `${name}=${value}`);
		if (filters.length === 0) return { condition: "", remedy: "Check the tenant that you signed in to." };
		return {
			condition: ` that --filter ${filters.join(" --filter ")} selects`,
			remedy: "Check the filter, or leave it out to adopt all machines.",
		};
	}
	if (selection.query === undefined) return { condition: "", remedy: "Name another hub with --hub." };
	return {
		condition: ` that the query ${selection.query} selects`,
		remedy:
			"Check the query, or leave out --where and --query to adopt all devices. The hub's index may take minutes to show a new device.",
	};
}

function formatAdoptOutput(
	{ summary, files, notes, skipped, noun }: AdoptOutput,
	folder: string,
	removals: readonly string[],
): string {
	const paths = Object.keys(files).map((name) => join(folder, name));
	const blocks = [
		`${summary}: ${paths.join(", ")}\n`,
		notes.map((note) => `${note}\n`).join(""),
		skipped.length === 0
			? ""
			: `Skipped ${formatQuantity(skipped.length, noun)}, because they cannot be declared as they are:\n${formatSkipped(skipped)}`,
		removals.length === 0
			? ""
			: `No longer declared, so \`pulumi up\` deletes what Pulumi manages of these:\n${formatRemovals(removals)}`,
		NEXT_STEPS,
	];
	return blocks.filter((block) => block !== "").join("\n");
}

function formatSkipped(skipped: AdoptOutput["skipped"]): string {
	const reasons = listFirst(skipped, MAX_LISTED_SKIPPED, ({ id, reason }) => `${id}: ${reason}`);
	return reasons.map((line) => `- ${line}\n`).join("");
}

const NEXT_STEPS = `Then, in the folder of Pulumi.yaml, with pulumi-device-identity installed:

    pulumi import --file import.json --protect=false --generate-code=false
    pulumi preview --diff
`;
