import type { AdoptableMachines } from "../graph/adoption.ts";
import { toPrintableJson } from "../http/printable.ts";
import type { MachineSelection } from "./adopt.options.ts";
import { generateMachineFleetProgram, generateMachinesProgram } from "./adopt.program.ts";
import type { AdoptOutput } from "./adopt.taken.ts";
import { generateImportFile } from "./importFile.ts";
import { formatQuantity } from "./words.ts";

/** Up to so many machines are resources of their own unless asked otherwise. */
const MAX_MACHINE_RESOURCES = 50;

/** The file of a fleet's machines. */
const MACHINES_FILE = "machines.json";

/** The program and the state of a tenant's machines. */
export function generateMachineOutput(tenant: AdoptableMachines, selection: MachineSelection): AdoptOutput {
	const { declareAs = tenant.count > MAX_MACHINE_RESOURCES ? "fleet" : "resources" } = selection;
	return declareAs === "fleet" ? generateMachineFleetOutput(tenant, selection) : generateMachineResourcesOutput(tenant);
}

function generateMachineFleetOutput(tenant: AdoptableMachines, { name }: MachineSelection): AdoptOutput {
	const { fleet, machines, skipped } = tenant.toFleet();
	return {
		summary: `${formatQuantity(machines.size, "machine")} as one fleet`,
		files: {
			[MACHINES_FILE]: `${toPrintableJson(Object.fromEntries(machines), "\t")}\n`,
			"index.ts": generateMachineFleetProgram(name, MACHINES_FILE),
			"import.json": generateImportFile("autopilotFleet", [{ ...fleet, name }]),
		},
		notes: [],
		skipped,
	};
}

function generateMachineResourcesOutput(tenant: AdoptableMachines): AdoptOutput {
	const { machines, skipped } = tenant.toResources();
	return {
		summary: `${formatQuantity(machines.length, "machine")} as ${formatQuantity(machines.length, "resource")}`,
		files: {
			"index.ts": generateMachinesProgram(machines),
			"import.json": generateImportFile("autopilotIdentity", machines),
		},
		notes: [],
		skipped,
	};
}
