import { buildAdoptedFleet, type ExistingMember } from "../fleet/adopt.ts";
import { mapConcurrently } from "../fleet/concurrency.ts";
import type { FleetType } from "../fleet/fleetType.ts";
import type { LiveObject, ResourceType } from "../resource/resourceType.ts";
import { type AdoptedObject, buildAdoptedObject, type SkippedObject } from "../resource/state.ts";
import type { Values } from "../values.ts";
import { listMachines, type MachineFunctionArgs } from "./autopilotIdentity.functions.ts";
import type { AutopilotInputs, ManagedField } from "./autopilotIdentity.inputs.ts";
import type { Machines } from "./machines.ts";

/** A machine as a resource of its own. */
export interface AdoptedMachine extends AdoptedObject {
	/** What the program calls it: its serial number; where several have the same, the registration id behind it. */
	readonly name: string;
}

/** Many machines as resources. */
export interface AdoptedMachines {
	readonly machines: readonly AdoptedMachine[];
	readonly skipped: readonly SkippedObject[];
}

/** Many machines as one resource. */
export interface AdoptedMachineFleet {
	readonly fleet: AdoptedObject;
	/** What is declared of each machine, by its name in the fleet. */
	readonly machines: ReadonlyMap<string, Values>;
	readonly skipped: readonly SkippedObject[];
}

/** What a tenant has, to be taken over by a stack in one way or the other. */
export interface AdoptableMachines {
	/** How many machines there are. */
	readonly count: number;
	toFleet(): AdoptedMachineFleet;
	toResources(): AdoptedMachines;
}

/** Where to look, and what machines and fleets are. */
export interface MachineAdoptionOptions {
	readonly machines: Machines;
	readonly machineType: ResourceType<AutopilotInputs>;
	readonly fleetType: FleetType<AutopilotInputs>;
	/** What may be declared of a machine that can be changed. */
	readonly fields: readonly ManagedField[];
}

/** Machines as they are, by their names. */
type FoundMachines = ReadonlyMap<string, LiveObject<AutopilotInputs>>;

/**
 * Looks what machines the tenant has, and reads each of them, since a list leaves members blank. Hashes are given back by
 * nobody: `adopt` stands in for them.
 */
export async function findAdoptableMachines(
	{ machines, machineType, fleetType, fields }: MachineAdoptionOptions,
	args: MachineFunctionArgs,
): Promise<AdoptableMachines> {
	const rows = await listMachines(machines, args);
	const serialNumbers = new Map(rows.map(({ id, serialNumber }) => [String(id), serialNumber]));
	const { done: liveById, failed } = await mapConcurrently(
		serialNumbers.keys(),
		fleetType.concurrency.reads,
		(id) => machineType.connect("read").get({ id, values: { serialNumber: serialNumbers.get(id) } }),
	);
	for (const error of failed.values()) throw error;
	const foundMachines = mapByName([...liveById.values()].filter((live) => live !== undefined));
	const toResources = (): AdoptedMachines => toAdoptedMachines(machineType, foundMachines, fields);
	return {
		count: foundMachines.size,
		toFleet: () => toAdoptedFleet(fleetType, foundMachines, toResources()),
		toResources,
	};
}

function toAdoptedFleet(
	fleetType: FleetType<AutopilotInputs>,
	foundMachines: FoundMachines,
	{ machines, skipped }: AdoptedMachines,
): AdoptedMachineFleet {
	const members = new Map<string, ExistingMember<AutopilotInputs>>();
	for (const { name, inputs } of machines) {
		const live = foundMachines.get(name);
		const { serialNumber, adopt: _, ...rest } = inputs;
		const declared = name === serialNumber ? rest : { serialNumber, ...rest };
		if (live !== undefined) members.set(name, { live, memberInputs: declared });
	}
	const inputsByName = new Map([...members].map(([name, member]) => [name, member.memberInputs]));
	return { fleet: buildAdoptedFleet(fleetType, { adopt: true }, members), machines: inputsByName, skipped };
}

function toAdoptedMachines(
	machineType: ResourceType<AutopilotInputs>,
	foundMachines: FoundMachines,
	fields: readonly ManagedField[],
): AdoptedMachines {
	const machines: AdoptedMachine[] = [];
	const skipped: SkippedObject[] = [];
	for (const [name, live] of foundMachines) {
		const result = buildAdoptedObject(machineType, live.id ?? "", {
			live,
			declarations: [toDeclaration(live, fields)],
		});
		if ("reason" in result) skipped.push(result);
		else machines.push({ ...result, name });
	}
	return { machines, skipped };
}

function toDeclaration({ values }: LiveObject<AutopilotInputs>, fields: readonly ManagedField[]): Values {
	const managed = fields.map((field) => [field, values[field]]).filter(([, value]) => value);
	return { serialNumber: values.serialNumber, adopt: true, ...Object.fromEntries(managed) };
}

/** A machine is called by its serial number; where several have the same, by the registration id too. */
function mapByName(machines: readonly LiveObject<AutopilotInputs>[]): FoundMachines {
	const counts = new Map<string, number>();
	const getSerialNumber = ({ values }: LiveObject<AutopilotInputs>): string => values.serialNumber ?? "";
	for (const live of machines)
		counts.set(getSerialNumber(live), (counts.get(getSerialNumber(live)) ?? 0) + 1);
	const entries = machines.map((live): [string, LiveObject<AutopilotInputs>] => {
		const serialNumber = getSerialNumber(live);
		return [counts.get(serialNumber) === 1 ? serialNumber : `${serialNumber} (${live.id})`, live];
	});
	return new Map(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
