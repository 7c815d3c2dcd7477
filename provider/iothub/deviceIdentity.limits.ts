import { getLastApplied } from "../resource/managedFields.ts";
import type { LimitedAction } from "../resource/resourceType.ts";
import { type FieldValue, toFieldValues } from "../resource/schema.ts";
import type { Values } from "../values.ts";
import { ROTATION_ACTIONS } from "./deviceIdentity.rotation.ts";
import { DEVICE_IDENTITY_SCHEMA } from "./deviceIdentity.schema.ts";

/**
 * What these inputs would do to a device that a stack may limit. Credentials are compared with what is known of those that the device has; what is not
 * declared is not changed.
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

/** The keys that state keeps, as facets of the input by which they would be declared. */
function getStoredKeyValues({ primaryKey, secondaryKey }: Values): ReadonlyMap<string, FieldValue> {
	return toFieldValues(DEVICE_IDENTITY_SCHEMA, {
		authentication: { symmetricKey: { primaryKey, secondaryKey } },
	});
}
