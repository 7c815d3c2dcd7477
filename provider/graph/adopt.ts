import { buildAdoptedFleet, type ExistingMember } from "../fleet/adopt.ts";
import { mapConcurrently } from "../fleet/concurrency.ts";
import type { FleetType } from "../fleet/fleetType.ts";
import type { LiveObject, ResourceType } from "../resource/resourceType.ts";
import { type AdoptedObject, buildAdoptedObject, type SkippedObject } from "../resource/state.ts";
import type { Values } from "../values.ts";
import { listMachines, type MachineFunctionArgs } from "./autopilotIdentity.functions.ts";
import type { AutopilotInputs, ManagedField } from "./autopilotIdentity.inputs.ts";
import type { Machines } from "./machines.ts";
import type { TenantGuard } from "./tenant.ts";

/** A machine to adopt as a resource of its own. */
export interface AdoptedMachine extends AdoptedObject {
	/** The resource's name: the serial number, followed by the registration id if several machines have that number. */
	readonly name: string;
}

/** The machines to adopt as single resources. */
export interface AdoptedMachines {
	readonly machines: readonly AdoptedMachine[];
	readonly skipped: readonly SkippedObject[];
}

/** The machines to adopt as one fleet. */
export interface AdoptedMachineFleet {
	readonly fleet: AdoptedObject;
	/** The declared inputs of each machine, by its name in the fleet. */
	readonly machines: ReadonlyMap<string, Values>;
	readonly skipped: readonly SkippedObject[];
}

/** The registered machines of a tenant that a stack can adopt, as one fleet or as single resources. */
export interface AdoptableMachines {
	/** The number of machines. */
	readonly count: number;
	toFleet(): AdoptedMachineFleet;
	toResources(): AdoptedMachines;
}

/** Dependencies of {@link findAdoptableMachines}. */
export interface MachineAdoptionOptions {
	readonly machines: Machines;
	readonly machineType: ResourceType<AutopilotInputs>;
	readonly fleetType: FleetType<AutopilotInputs>;
	/** The managed fields that the stack's strategy supports. */
	readonly fields: readonly ManagedField[];
	readonly tenantGuard: TenantGuard;
}

/** Live machines by their names. */
type FoundMachines = ReadonlyMap<string, LiveObject<AutopilotInputs>>;

/**
 * Lists the tenant's machines and reads each one, because list rows omit members. The service never returns hashes, so
 * each declaration sets `adopt`.
 */
export async function findAdoptableMachines(
	{ machines, machineType, fleetType, fields, tenantGuard }: MachineAdoptionOptions,
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
		toFleet: () => {
			const adopted = toAdoptedFleet(fleetType, foundMachines, toResources());
			return { ...adopted, fleet: tenantGuard.recordIn(adopted.fleet) };
		},
		toResources: () => {
			const adopted = toResources();
			return {
				...adopted,
				machines: adopted.machines.map((machine) => tenantGuard.recordIn(machine)),
			};
		},
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

/**
 * Maps machines by name: the id without a serial number, otherwise the serial number, followed by the registration id if several machines
 * have that number.
 */
function mapByName(machines: readonly LiveObject<AutopilotInputs>[]): FoundMachines {
	const counts = new Map<string, number>();
	const getSerialNumber = ({ values }: LiveObject<AutopilotInputs>): string => values.serialNumber ?? "";
	for (const live of machines)
		counts.set(getSerialNumber(live), (counts.get(getSerialNumber(live)) ?? 0) + 1);
	const entries = machines.map((live): [string, LiveObject<AutopilotInputs>] => {
		const serialNumber = getSerialNumber(live);
		if (serialNumber === "") return [live.id ?? "", live];
		return [counts.get(serialNumber) === 1 ? serialNumber : `${serialNumber} (${live.id})`, live];
	});
	return new Map(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
