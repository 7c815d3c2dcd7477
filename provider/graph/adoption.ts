import { adoptedFleet, type FoundMember } from "../fleet/adopted.ts";
import type { FleetKind } from "../fleet/kind.ts";
import { forEach } from "../fleet/pool.ts";
import { type AdoptedObject, adopted, type LeftObject } from "../lifecycle/adopted.ts";
import type { Kind, Live, Values } from "../lifecycle/kind.ts";
import type { AutopilotInputs, ManagedField } from "./autopilotIdentity.inputs.ts";
import { type AutopilotLookupArgs, listMachines } from "./autopilotIdentity.lookup.ts";
import type { Machines } from "./machines.ts";

/** A machine as a resource of its own. */
export interface AdoptedMachine extends AdoptedObject {
	/** What the program calls it: its serial number; where several have the same, the registration id behind it. */
	readonly name: string;
}

/** Many machines as resources. */
export interface AdoptedMachines {
	readonly machines: readonly AdoptedMachine[];
	readonly left: readonly LeftObject[];
}

/** Many machines as one resource. */
export interface AdoptedMachineFleet {
	readonly fleet: AdoptedObject;
	/** What is declared of each machine, by its name in the fleet. */
	readonly machines: ReadonlyMap<string, Values>;
	readonly left: readonly LeftObject[];
}

/** What a tenant has, to be taken over by a stack in one way or the other. */
export interface TenantAdoption {
	/** How many machines there are. */
	readonly count: number;
	asFleet(): AdoptedMachineFleet;
	asResources(): AdoptedMachines;
}

/** Where to look, and what machines and fleets are. */
export interface AdoptionOptions {
	readonly machines: Machines;
	readonly kind: Kind<AutopilotInputs>;
	readonly fleet: FleetKind<AutopilotInputs>;
	/** What may be declared of a machine that can be changed. */
	readonly fields: readonly ManagedField[];
}

/** Machines as they are, by their names. */
type Found = ReadonlyMap<string, Live<AutopilotInputs>>;

/**
 * Looks what machines the tenant has, and reads each of them, since a list leaves members blank. Hashes are given back by
 * nobody: `adopt` stands in for them.
 */
export async function adoption(
	{ machines, kind, fleet, fields }: AdoptionOptions,
	args: AutopilotLookupArgs,
): Promise<TenantAdoption> {
	const rows = await listMachines(machines, args);
	const serials = new Map(rows.map(({ id, serialNumber }) => [String(id), serialNumber]));
	const { done, failed } = await forEach(serials.keys(), fleet.width.looks, (id) =>
		kind.connect("read").find({ id, values: { serialNumber: serials.get(id) } }),
	);
	for (const error of failed.values()) throw error;
	const found = named([...done.values()].filter((live) => live !== undefined));
	const asResources = (): AdoptedMachines => resourcesOf(kind, found, fields);
	return { count: found.size, asFleet: () => fleetOf(fleet, found, asResources()), asResources };
}

function fleetOf(
	kind: FleetKind<AutopilotInputs>,
	found: Found,
	{ machines, left }: AdoptedMachines,
): AdoptedMachineFleet {
	const members = new Map<string, FoundMember<AutopilotInputs>>();
	for (const { name, inputs } of machines) {
		const live = found.get(name);
		const { serialNumber, adopt: _, ...rest } = inputs;
		const declared = name === serialNumber ? rest : { serialNumber, ...rest };
		if (live !== undefined) members.set(name, { live, declared });
	}
	const declared = new Map([...members].map(([name, member]) => [name, member.declared]));
	return { fleet: adoptedFleet(kind, { adopt: true }, members), machines: declared, left };
}

function resourcesOf(
	kind: Kind<AutopilotInputs>,
	found: Found,
	fields: readonly ManagedField[],
): AdoptedMachines {
	const machines: AdoptedMachine[] = [];
	const left: LeftObject[] = [];
	for (const [name, live] of found) {
		const one = adopted(kind, live.id ?? "", { live, declarations: [declarationOf(live, fields)] });
		if ("reason" in one) left.push(one);
		else machines.push({ ...one, name });
	}
	return { machines, left };
}

function declarationOf({ values }: Live<AutopilotInputs>, fields: readonly ManagedField[]): Values {
	const managed = fields.map((field) => [field, values[field]]).filter(([, value]) => value);
	return { serialNumber: values.serialNumber, adopt: true, ...Object.fromEntries(managed) };
}

/** A machine is called by its serial number; where several have the same, by the registration id too. */
function named(lives: readonly Live<AutopilotInputs>[]): Found {
	const counts = new Map<string, number>();
	const serialOf = ({ values }: Live<AutopilotInputs>): string => values.serialNumber ?? "";
	for (const live of lives) counts.set(serialOf(live), (counts.get(serialOf(live)) ?? 0) + 1);
	const entries = lives.map((live): [string, Live<AutopilotInputs>] => {
		const serial = serialOf(live);
		return [counts.get(serial) === 1 ? serial : `${serial} (${live.id})`, live];
	});
	return new Map(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
