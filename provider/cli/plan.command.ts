import { formatAutopilotCsvError, loadAutopilotCsv } from "../files/autopilotCsv.ts";
import { formatFleetFileError, loadFleetFile } from "../files/fleetFile.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { type Command, CommandError, EXIT_CODES, type Terminal } from "./command.ts";
import { PLAN_HELP, type PlanOptions, readPlanOptions } from "./plan.options.ts";
import { createDeviceFleetPlan, createMachinesPlan, type PlanReport } from "./plan.report.ts";
import { formatPlanTable } from "./plan.table.ts";

/** Forecasts how long a file takes to deploy. */
export const planCommand: Command = {
	summary: "estimates how long a file of devices or machines takes to deploy",
	help: PLAN_HELP,
	run: runPlan,
};

async function runPlan(args: readonly string[], terminal: Terminal): Promise<number> {
	const options = readPlanOptions(args, process.env);
	const report = createPlanReport(options, terminal);
	terminal.print(options.format === "json" ? `${toPrintableJson(report, 2)}\n` : formatPlanTable(report));
	return report.faults.length > 0 ? EXIT_CODES.failure : EXIT_CODES.success;
}

function createPlanReport(options: PlanOptions, terminal: Terminal): PlanReport {
	const { file, hub, fileOptions, onSerialNumberMismatch } = options;
	if (hub === undefined) {
		const { machines, diagnostics } = loadAutopilotCsv(file, { ...fileOptions, onSerialNumberMismatch });
		if (diagnostics.length > 0) throw createFileError(formatAutopilotCsvError(file, diagnostics));
		return createMachinesPlan(machines.length, options);
	}
	const { devices, diagnostics, passedOver } = loadFleetFile(file, fileOptions);
	if (diagnostics.length > 0) throw createFileError(formatFleetFileError(file, diagnostics));
	if (passedOver !== undefined) terminal.log(`"${file}": ${passedOver}\n`);
	return createDeviceFleetPlan(devices, hub, options);
}

/** Creates the error about a file, whose text names the options of a program, not those of the command. */
function createFileError(text: string): CommandError {
	const hints = [
		/\b(ignoreColumns|columns): /.test(text)
			? "\nFor this command, ignoreColumns is --ignore-column TITLE, and columns is --column TITLE=NAME."
			: "",
		/\{ gateways: \[/.test(text) ? "\nFor this command, gateways is --gateway ID." : "",
		/\bonSerialNumberMismatch: /.test(text)
			? "\nFor this command, onSerialNumberMismatch is --on-serial-number-mismatch accept."
			: "",
	];
	return new CommandError(text + hints.join(""));
}
