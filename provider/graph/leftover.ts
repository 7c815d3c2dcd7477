import {
	type AutopilotInputs,
	isSameManagedValue,
	MANAGED_FIELDS,
	type ManagedField,
	toManagedValues,
} from "./autopilotIdentity.inputs.ts";
import type { ImportRecord, LiveMachine } from "./autopilotIdentity.wire.ts";

/**
 * What somebody else changed of a machine since its interrupted import was queued, and the declaration would overwrite: it
 * is neither as declared nor as the import made it, and no plan has shown it.
 */
export function findChangesSinceImport(
	record: ImportRecord,
	{ values }: LiveMachine,
	desired: AutopilotInputs,
): readonly ManagedField[] {
	const { groupTag = "", assignedUserPrincipalName = "" } = record;
	const importedValues = toManagedValues({ groupTag, assignedUserPrincipalName });
	const [current, declared] = [toManagedValues(values), toManagedValues(desired)];
	return MANAGED_FIELDS.filter((field) => desired[field] !== undefined)
		.filter((field) => !isSameManagedValue(field, current[field], declared[field]))
		.filter((field) => !isSameManagedValue(field, current[field], importedValues[field]));
}
