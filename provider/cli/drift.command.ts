import { writeFile } from "node:fs/promises";
import { type Command, CommandError, EXIT, said, type Terminal } from "./command.ts";
import { DRIFT_HELP } from "./drift.help.ts";
import { readDriftOptions } from "./drift.options.ts";
import { driftReport } from "./driftReport.look.ts";
import type { DriftReport } from "./driftReport.ts";
import { FORMATS } from "./formats.ts";
import { stackStateOf } from "./stackState.ts";
import { countsTold } from "./words.ts";

/** What became of a stack's objects since its last deployment. */
export const drift: Command = {
	summary: "reports what changed outside Pulumi since the last deployment",
	help: DRIFT_HELP,
	run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
	const { origin, format, how, source, output } = readDriftOptions(args);
	const report = await driftReport(await stackStateOf(origin), how);
	const text = FORMATS[format](report, { source });
	if (output === undefined) terminal.print(text);
	else await write(output, text, { report, terminal });
	return exitCodeOf(report);
}

async function write(
	file: string,
	text: string,
	{ report, terminal }: { report: DriftReport; terminal: Terminal },
): Promise<void> {
	await writeFile(file, text).catch((error: unknown) => {
		throw new CommandError(`The report can't be written to "${file}": ${said(error)}`, error);
	});
	terminal.tell(`${countsTold(report)} (${file})\n`);
}

/** Who could not look at everything can't say that there is drift or none. */
function exitCodeOf({ failed, drifted }: DriftReport): number {
	if (failed > 0) return EXIT.failed;
	return drifted > 0 ? EXIT.drift : EXIT.well;
}
