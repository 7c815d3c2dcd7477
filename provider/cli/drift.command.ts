import { writeFile } from "node:fs/promises";
import { type Command, CommandError, EXIT_CODES, getErrorMessage, type Terminal } from "./command.ts";
import { createDriftReport } from "./drift.collect.ts";
import { REPORT_FORMATTERS } from "./drift.formats.ts";
import { DRIFT_HELP, readDriftOptions } from "./drift.options.ts";
import type { DriftReport } from "./drift.report.ts";
import { formatDriftSummary } from "./drift.summary.ts";
import { readStackState } from "./stackState.ts";

/** Reports the objects of a stack that changed since the last deployment. */
export const driftCommand: Command = {
	summary: "reports what changed outside Pulumi since the last deployment",
	help: DRIFT_HELP,
	run: runDrift,
};

async function runDrift(args: readonly string[], terminal: Terminal): Promise<number> {
	const { stateSource, format, consistency, sourceFile, outputFile } = readDriftOptions(args);
	const report = await createDriftReport(await readStackState(stateSource), consistency);
	const text = REPORT_FORMATTERS[format](report, { sourceFile });
	if (outputFile === undefined) terminal.print(text);
	else await writeReport(outputFile, text, { report, terminal });
	return getExitCode(report);
}

async function writeReport(
	file: string,
	text: string,
	{ report, terminal }: { report: DriftReport; terminal: Terminal },
): Promise<void> {
	await writeFile(file, text).catch((error: unknown) => {
		throw new CommandError(`The report cannot be written to "${file}": ${getErrorMessage(error)}`, error);
	});
	terminal.log(`${formatDriftSummary(report)} (${file})\n`);
}

/** Returns the exit code. If any object is unreadable, it is `failure`: drift can then be neither confirmed nor ruled out. */
function getExitCode({ failed, drifted }: DriftReport): number {
	if (failed > 0) return EXIT_CODES.failure;
	return drifted > 0 ? EXIT_CODES.drift : EXIT_CODES.success;
}
