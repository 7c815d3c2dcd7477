import { type AdoptedObject, adopted, type LeftObject } from "../lifecycle/adopted.ts";
import type { Kind, Live, Values } from "../lifecycle/kind.ts";
import type { AutopilotInputs, ManagedField } from "./autopilotIdentity.inputs.ts";
import { type AutopilotLookupArgs, listMachines } from "./autopilotIdentity.lookup.ts";
import type { Machines } from "./machines.ts";

/** The machines of a tenant as resources. */
export interface TenantAdoption {
	readonly machines: readonly AdoptedObject[];
	readonly left: readonly LeftObject[];
}

/** Where to look, and what machines are. */
export interface AdoptionOptions {
	readonly machines: Machines;
	readonly kind: Kind<AutopilotInputs>;
	/** What may be declared of a machine that can be changed. */
	readonly fields: readonly ManagedField[];
}

/**
 * Looks what machines the tenant has, and reads each of them, since a list leaves members blank. Hashes are given back by
 * nobody: `adopt` stands in for them.
 */
export async function adoption(
	{ machines, kind, fields }: AdoptionOptions,
	args: AutopilotLookupArgs,
): Promise<TenantAdoption> {
	const rows = await listMachines(machines, args);
	const remote = kind.connect("read");
	const all = await Promise.all(
		rows.map(async ({ id, serialNumber }) => {
			const live = await remote.find({ id: String(id), values: { serialNumber } });
			if (live === undefined) return undefined;
			return adopted(kind, String(id), { live, declarations: [declarationOf(live, fields)] });
		}),
	);
	const found = all.filter((one) => one !== undefined);
	return {
		machines: found.filter((one) => "outputs" in one),
		left: found.filter((one) => "reason" in one),
	};
}

function declarationOf({ values }: Live<AutopilotInputs>, fields: readonly ManagedField[]): Values {
	const managed = fields.map((field) => [field, values[field]]).filter(([, value]) => value);
	return { serialNumber: values.serialNumber, adopt: true, ...Object.fromEntries(managed) };
}
