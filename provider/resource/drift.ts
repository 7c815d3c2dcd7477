import { DRIFT_OUTPUT } from "../stateKeys.ts";
import { isObject, type Values } from "../values.ts";
import { type FieldValue, hasEqualValue } from "./schema.ts";

/** One field whose live value is not the deployed one, with all that a person needs to judge it. */
export interface FieldDifference {
	readonly path: string;
	/** The value at the last deployment; absent where the field was not declared then. */
	readonly last?: FieldValue;
	/** The live value; absent where the object has none. */
	readonly live?: FieldValue;
	/** The declared value; absent where the field is no longer declared. */
	readonly declared?: FieldValue;
}

/** What an earlier refresh took into state, compared with the object and the program as they are now. */
export interface RefreshedDrift {
	/** Fields whose live value is neither the deployed nor the declared one. */
	readonly pending: readonly FieldDifference[];
	/** Fields whose live value is not the deployed one, and which the program declares with that value by now. */
	readonly accepted: readonly FieldDifference[];
}

/** Creates a difference without the values that are undefined. */
export function createFieldDifference(
	path: string,
	{ last, live, declared }: { readonly [Name in "last" | "live" | "declared"]: FieldValue | undefined },
): FieldDifference {
	return { path, ...(last && { last }), ...(live && { live }), ...(declared && { declared }) };
}

/** Whether a write is needed to remove the difference: the live value may be the declared one by now. */
export function needsReconcile({ live, declared }: FieldDifference): boolean {
	return !hasEqualValue(live, declared);
}

/** Returns the fields that earlier refreshes found changed, with the values of the last deployment. */
export function readRefreshedDrift(outputs: Values): readonly FieldValue[] {
	const text = outputs[DRIFT_OUTPUT];
	if (typeof text !== "string") return [];
	const entries: unknown = JSON.parse(text);
	return Array.isArray(entries) ? entries.filter(isFieldValue) : [];
}

function isFieldValue(value: unknown): value is FieldValue {
	return isObject(value) && typeof value["path"] === "string" && typeof value["value"] === "string";
}
