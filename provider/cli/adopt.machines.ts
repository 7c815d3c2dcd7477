import type { TenantAdoption } from "../graph/adoption.ts";
import { machinesProgram, manyMachinesProgram } from "./adopt.program.ts";
import type { Taken } from "./adopt.taken.ts";
import { type Importable, importFile } from "./importFile.ts";
import { counted } from "./words.ts";

/** Up to so many machines are written into the program. */
const FEW = 50;

/** The program and the state of a tenant's machines. */
export function machinesTaken({ machines, left }: TenantAdoption): Taken {
	const named = withNames(machines);
	return {
		what: `${counted(named.length, "machine")} as ${counted(named.length, "resource")}`,
		files: { ...programOf(named), "import.json": importFile("autopilotIdentity", named) },
		notes: [],
		left,
	};
}

function programOf(machines: readonly Importable[]): Taken["files"] {
	if (machines.length <= FEW) return { "index.ts": machinesProgram(machines) };
	const file = "machines.json";
	const declared = Object.fromEntries(machines.map(({ name, inputs }) => [name, inputs]));
	return { [file]: `${JSON.stringify(declared, undefined, "\t")}\n`, "index.ts": manyMachinesProgram(file) };
}

/** A machine is called by its serial number; where several have the same, by the registration id too. */
function withNames(machines: TenantAdoption["machines"]): Importable[] {
	const serials = machines.map(({ inputs }) => String(inputs["serialNumber"]));
	const counts = new Map<string, number>();
	for (const serial of serials) counts.set(serial, (counts.get(serial) ?? 0) + 1);
	return machines
		.map((machine, at) => {
			const serial = serials[at] ?? "";
			return { ...machine, name: counts.get(serial) === 1 ? serial : `${serial} (${machine.id})` };
		})
		.sort((one, other) => (one.name < other.name ? -1 : 1));
}
