import { DRIFT_OUTPUT } from "../stateKeys.ts";
import { isObject, type Values } from "../values.ts";
import { type FieldValue, hasEqualValue } from "./schema.ts";

/** One field whose live value is not the deployed one, with the values that a person needs to assess it. */
export interface FieldDifference {
	readonly path: string;
	/** The value at the last deployment; absent if the field was not declared then. */
	readonly last?: FieldValue;
	/** The live value; absent if the object has none. */
	readonly live?: FieldValue;
	/** The declared value; absent if the field is no longer declared. */
	readonly declared?: FieldValue;
}

/** The drift that an earlier refresh recorded in state, compared with the current object and program. */
export interface RefreshedDrift {
	/** Fields whose live value is neither the deployed nor the declared one. */
	readonly pending: readonly FieldDifference[];
	/** Fields whose live value is not the deployed one and is now declared by the program. */
	readonly accepted: readonly FieldDifference[];
}

/** Creates a difference; omits undefined values. */
export function createFieldDifference(
	path: string,
	{ last, live, declared }: { readonly [Name in "last" | "live" | "declared"]: FieldValue | undefined },
): FieldDifference {
	return { path, ...(last && { last }), ...(live && { live }), ...(declared && { declared }) };
}

/** Whether a write is needed to remove the difference. It is not if the program now declares the live value. */
export function needsReconcile({ live, declared }: FieldDifference): boolean {
	return !hasEqualValue(live, declared);
}

/** Returns the fields that earlier refreshes found changed, with their values at the last deployment. */
export function readRefreshedDrift(outputs: Values): readonly FieldValue[] {
	const text = outputs[DRIFT_OUTPUT];
	if (typeof text !== "string") return [];
	const entries: unknown = JSON.parse(text);
	return Array.isArray(entries) ? entries.filter(isFieldValue) : [];
}

function isFieldValue(value: unknown): value is FieldValue {
	return isObject(value) && typeof value["path"] === "string" && typeof value["value"] === "string";
}
