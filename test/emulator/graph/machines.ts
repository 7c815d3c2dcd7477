import { randomUUID } from "node:crypto";
import type { Autopilot } from "./autopilot.ts";
import { createBadRequestError, createNotFoundError, type GraphError } from "./graphError.ts";
import { toMachineKey } from "./hardwareReport.ts";
import { BLANK_FACTS, BLANK_FIELDS, type Machine } from "./machine.ts";

/** The required and optional data for registering a machine. */
export type Registration = Partial<Machine> & Pick<Machine, "serialNumber">;

/** The machines of the tenant, including those that the directory does not show yet. */
export class Machines {
	readonly #byId = new Map<string, Machine>();
	readonly #byHash = new Map<string, Machine>();

	/** Registers a machine with a new id; omitted fields are blank. */
	register(registration: Registration): Machine {
		const machine: Machine = {
			...BLANK_FIELDS,
			...BLANK_FACTS,
			hardwareIdentifier: "",
			batch: undefined,
			isVisible: true,
			listedFrom: 0,
			deletableFrom: 0,
			isLeaving: false,
			revision: 1,
			...registration,
			id: registration.id ?? randomUUID(),
		};
		this.#byId.set(machine.id.toLowerCase(), machine);
		if (machine.hardwareIdentifier !== "")
			this.#byHash.set(toMachineKey(machine.hardwareIdentifier), machine);
		return machine;
	}

	/** Returns the machine with this registration id, in any case, visible or not. */
	get(id: string): Machine | undefined {
		return this.#byId.get(id.toLowerCase());
	}

	/** Returns the machine that this hash describes, whenever the hash was collected. */
	withHash(hardwareIdentifier: string): Machine | undefined {
		return this.#byHash.get(toMachineKey(hardwareIdentifier));
	}

	/** Returns all machines in the order of their registration. */
	list(): Machine[] {
		return [...this.#byId.values()];
	}

	/** Removes a machine. Returns false if it does not exist. */
	remove({ id, hardwareIdentifier }: Machine): boolean {
		const key = toMachineKey(hardwareIdentifier);
		if (this.#byHash.get(key)?.id === id) this.#byHash.delete(key);
		return this.#byId.delete(id.toLowerCase());
	}
}

/** Returns the machines that the directory shows, including those that are being deleted. */
export function listVisibleMachines({ machines }: Autopilot): Machine[] {
	return machines.list().filter(({ isVisible }) => isVisible);
}

/** Returns the machines that the list has: it lacks new ones for a while, and still has deleted ones. */
export function listListedMachines(autopilot: Autopilot, now: number): Machine[] {
	const listed = listVisibleMachines(autopilot).filter(({ listedFrom }) => listedFrom <= now);
	return [...listed, ...autopilot.removedMachines.list()];
}

/** Returns a machine that the directory shows, or throws 404. */
export function requireVisible({ machines }: Autopilot, id: string): Machine {
	const machine = machines.get(id);
	if (machine?.isVisible) return machine;
	throw createNotFoundError();
}

/** Returns the reason why a machine cannot be deleted now, or undefined (microsoftgraph/microsoft-graph-docs#7128 has the text). */
export function findDeletionRefusal(
	{ accountId }: Autopilot,
	machine: Machine | undefined,
	{ id, now }: { readonly id: string; readonly now: number },
): GraphError | undefined {
	if (machine === undefined || !machine.isVisible || now < machine.deletableFrom) {
		return createBadRequestError(`Cannot find device with ztd Id ${id} and accountId ${accountId} to delete`);
	}
	if (machine.enrollmentState !== "enrolled") return undefined;
	return createBadRequestError(
		"The device is enrolled and must be removed from Intune before it can be deleted",
	);
}

/** Accepts a deletion; the machine is gone when the first accepted one is due. */
export function leave(autopilot: Autopilot, machine: Machine, now: number): void {
	const { agenda, switches } = autopilot;
	machine.isLeaving = true;
	agenda.at(now + switches.deleteDelay, () => autopilot.removeMachine(machine));
}
