import {
	type AutopilotInputs,
	isSame,
	MANAGED,
	type ManagedField,
	managedOf,
} from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";

/**
 * What somebody else changed of a machine since its interrupted import was queued, and the declaration would overwrite: it
 * is neither as declared nor as the import made it, and no plan has shown it.
 */
export function changedSince(
	record: ImportRecord,
	{ values }: LiveMachine,
	desired: AutopilotInputs,
): readonly ManagedField[] {
	const { groupTag = "", assignedUserPrincipalName = "" } = record;
	const made = managedOf({ groupTag, assignedUserPrincipalName });
	const [now, declared] = [managedOf(values), managedOf(desired)];
	return MANAGED.filter((field) => desired[field] !== undefined)
		.filter((field) => !isSame(field, now[field], declared[field]))
		.filter((field) => !isSame(field, now[field], made[field]));
}
