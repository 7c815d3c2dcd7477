import type { Autopilot } from "./autopilot.ts";
import { createBadRequestError, type GraphError, createNotFoundError } from "./graphError.ts";
import type { Machine } from "./machine.ts";

/** The machines that the directory shows, those included whose deletion is under way. */
export function visibleMachines({ machines }: Autopilot): Machine[] {
	return machines.list().filter(({ isVisible }) => isVisible);
}

/** A machine that the directory shows, or 404. */
export function requireVisible({ machines }: Autopilot, id: string): Machine {
	const machine = machines.get(id);
	if (machine?.isVisible) return machine;
	throw createNotFoundError();
}

/** Why a machine cannot be deleted now, or undefined (microsoftgraph/microsoft-graph-docs#7128 has the text). */
export function deletionRefusal(
	{ accountId }: Autopilot,
	machine: Machine | undefined,
	{ id, now }: { readonly id: string; readonly now: number },
): GraphError | undefined {
	if (machine === undefined || !machine.isVisible || now < machine.deletableFrom) {
		return createBadRequestError(`Cannot find device with ztd Id ${id} and accountId ${accountId} to delete`);
	}
	if (machine.enrollmentState !== "enrolled") return undefined;
	return createBadRequestError("The device is enrolled and must be removed from Intune before it can be deleted");
}

/** Accepts a deletion; the machine is gone when the first one settles. */
export function leave({ agenda, machines, switches }: Autopilot, machine: Machine, now: number): void {
	machine.isLeaving = true;
	agenda.at(now + switches.deleteDelay, () => machines.remove(machine));
}
