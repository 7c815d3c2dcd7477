import type { TenantAdoption } from "../graph/adoption.ts";
import { printableJson } from "../http/printable.ts";
import type { MachinesAsked } from "./adopt.options.ts";
import { machineFleetProgram, machinesProgram } from "./adopt.program.ts";
import type { Taken } from "./adopt.taken.ts";
import { importFile } from "./importFile.ts";
import { counted } from "./words.ts";

/** Up to so many machines are resources of their own unless asked otherwise. */
const FEW = 50;

/** The file of a fleet's machines. */
const FILE = "machines.json";

/** The program and the state of a tenant's machines. */
export function machinesTaken(tenant: TenantAdoption, asked: MachinesAsked): Taken {
	const { as = tenant.count > FEW ? "fleet" : "resources" } = asked;
	return as === "fleet" ? fleetTaken(tenant, asked) : resourcesTaken(tenant);
}

function fleetTaken(tenant: TenantAdoption, { name }: MachinesAsked): Taken {
	const { fleet, machines, left } = tenant.asFleet();
	return {
		what: `${counted(machines.size, "machine")} as one fleet`,
		files: {
			[FILE]: `${printableJson(Object.fromEntries(machines), "\t")}\n`,
			"index.ts": machineFleetProgram(name, FILE),
			"import.json": importFile("autopilotFleet", [{ ...fleet, name }]),
		},
		notes: [],
		left,
	};
}

function resourcesTaken(tenant: TenantAdoption): Taken {
	const { machines, left } = tenant.asResources();
	return {
		what: `${counted(machines.length, "machine")} as ${counted(machines.length, "resource")}`,
		files: {
			"index.ts": machinesProgram(machines),
			"import.json": importFile("autopilotIdentity", machines),
		},
		notes: [],
		left,
	};
}
