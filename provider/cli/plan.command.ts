import { autopilotCsvFailure, machinesIn } from "../files/autopilotCsv.ts";
import { fleetFileFailure, fleetIn } from "../files/fleetFile.ts";
import { printableJson } from "../http/printable.ts";
import { type Command, CommandError, EXIT, type Terminal } from "./command.ts";
import { PLAN_HELP } from "./plan.help.ts";
import { type PlanOptions, readPlanOptions } from "./plan.options.ts";
import { planTable } from "./plan.table.ts";
import { fleetPlan, machinesPlan, type PlanReport } from "./planReport.ts";

/** How long deploying a file will take. */
export const plan: Command = {
	summary: "says how long a file of devices takes to deploy, and what bounds it",
	help: PLAN_HELP,
	run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
	const options = readPlanOptions(args, process.env);
	const report = reportOn(options, terminal);
	terminal.print(options.format === "json" ? `${printableJson(report, 2)}\n` : planTable(report));
	return report.faults.length > 0 ? EXIT.failed : EXIT.well;
}

function reportOn(options: PlanOptions, terminal: Terminal): PlanReport {
	const { file, hub } = options;
	if (hub === undefined) {
		const { machines, faults } = machinesIn(file);
		if (faults.length > 0) throw new CommandError(autopilotCsvFailure(file, faults));
		return machinesPlan(machines.length, options);
	}
	const { devices, faults, passedOver } = fleetIn(file);
	if (faults.length > 0) throw new CommandError(fleetFileFailure(file, faults));
	if (passedOver !== undefined) terminal.tell(`"${file}": ${passedOver}\n`);
	return fleetPlan(devices, hub, options);
}
