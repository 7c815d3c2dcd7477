import { getLastApplied } from "../resource/managedFields.ts";
import type { LimitedAction } from "../resource/resourceType.ts";
import { type FieldValue, toFieldValues } from "../resource/schema.ts";
import type { Values } from "../values.ts";
import { ROTATION_ACTIONS } from "./deviceIdentity.rotation.ts";
import { DEVICE_IDENTITY_SCHEMA } from "./deviceIdentity.schema.ts";

/**
 * Lists the limited actions that these inputs would cause on a device. Declared credentials are compared with those
 * in state; credentials that are not declared do not change.
 */
export function listLimitedActions(outputs: Values, inputs: Values): readonly LimitedAction[] {
	const stateValues = toFieldValues(DEVICE_IDENTITY_SCHEMA, outputs);
	const knownValues = new Map([
		...stateValues,
		...getStoredKeyValues(outputs),
		...getLastApplied(outputs, stateValues),
	]);
	const changesCredentials = [...toFieldValues(DEVICE_IDENTITY_SCHEMA, inputs).values()].some(
		({ path, value }) => path.startsWith("authentication.") && (knownValues.get(path)?.value ?? "") !== value,
	);
	return [
		...(inputs["status"] === "disabled" && outputs["status"] !== "disabled" ? (["disable"] as const) : []),
		...(changesCredentials || ROTATION_ACTIONS.isPending(outputs, inputs) ? (["changeKeys"] as const) : []),
	];
}

/** Returns the keys in state as field values of the input that would declare them. */
function getStoredKeyValues({ primaryKey, secondaryKey }: Values): ReadonlyMap<string, FieldValue> {
	return toFieldValues(DEVICE_IDENTITY_SCHEMA, {
		authentication: { symmetricKey: { primaryKey, secondaryKey } },
	});
}
