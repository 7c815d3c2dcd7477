import {
	DECLARED_OUTPUT,
	DRIFT_OUTPUT,
	IDENTITY_OUTPUT,
	RECORD_OUTPUT,
	STORED_HIDDEN_INPUTS,
} from "../stateKeys.ts";
import { omitNullish, type Values } from "../values.ts";
import { check } from "./check.ts";
import { encodeFieldValues, encodeIdentity, encodeManagedFields } from "./managedFields.ts";
import type { LiveObject, ResourceType } from "./resourceType.ts";
import { type FieldValue, type FieldValues, hasEqualValue, listFieldNames } from "./schema.ts";

/**
 * Builds the outputs of an object that Pulumi keeps in state: its live values, the provider options, and the managed fields.
 *
 * @param last the outputs of the last deployment; empty at first
 */
export function buildOutputs<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	live: LiveObject<Inputs>,
	inputs: Values,
	last: Values = {},
): Record<string, unknown> {
	const providerOptions = listFieldNames(resourceType.schema, "providerOption").map((name) => [
		name,
		inputs[name],
	]);
	return omitNullish({
		...resourceType.toOutputs(live, inputs, last),
		...Object.fromEntries(providerOptions),
		...resourceType.oneTimeActions?.stateAfter(live, inputs, last),
		[DECLARED_OUTPUT]: encodeManagedFields(resourceType.schema, inputs),
		[IDENTITY_OUTPUT]: encodeIdentity(resourceType.schema, inputs, last),
		[RECORD_OUTPUT]: last[RECORD_OUTPUT],
		...Object.fromEntries(STORED_HIDDEN_INPUTS.map((name) => [name, inputs[name]])),
	});
}

/** The ignored fields of an object that was written. */
interface IgnoredFields {
	/** The ignored fields that the program declares or declared, with the values of the last deployment. */
	readonly deployed: readonly FieldValue[];
	/** The values that the object has. */
	readonly live: FieldValues;
}

/**
 * Adds ignored fields to the outputs of a written object. They stay managed, so that nothing resets them once they are no longer
 * ignored, and their changes are recorded as a refresh records drift, so that a plan then shows these changes.
 *
 * @param outputs the result of {@link buildOutputs} for inputs without the ignored fields
 */
export function addIgnoredFields(
	outputs: Record<string, unknown>,
	{ deployed, live }: IgnoredFields,
): Record<string, unknown> {
	if (deployed.length === 0) return outputs;
	const declared = outputs[DECLARED_OUTPUT];
	const ignored = encodeFieldValues(
		deployed.map((each) => (each.secret ? { ...each, value: live.get(each.path)?.value ?? "" } : each)),
	);
	const changed = deployed.filter((each) => !hasEqualValue(each, live.get(each.path)));
	return {
		...outputs,
		[DECLARED_OUTPUT]: [declared, ignored].filter(Boolean).join(" "),
		...(changed.length === 0 ? {} : { [DRIFT_OUTPUT]: JSON.stringify(changed) }),
	};
}

/** An existing object, in the form that state would have if it had been deployed. It contains no secrets. */
export interface AdoptedObject {
	/** The id of the object in state. */
	readonly id: string;
	readonly inputs: Values;
	readonly outputs: Values;
}

/** An object that cannot be adopted. */
export interface SkippedObject {
	readonly id: string;
	/** Why, and what to do. */
	readonly reason: string;
}

/**
 * Builds the state of an existing object under the first declaration that passes its check.
 *
 * @param declarations possible inputs for the object, the most complete first
 */
export function buildAdoptedObject<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	id: string,
	{ live, declarations }: { live: LiveObject<Inputs>; declarations: readonly Values[] },
): AdoptedObject | SkippedObject {
	const reasons: string[] = [];
	for (const declaration of declarations) {
		const { inputs, failures } = check(resourceType, declaration);
		if (failures.length === 0) return { id, inputs, outputs: buildOutputs(resourceType, live, inputs) };
		reasons.push(...failures.map(({ reason }) => reason));
	}
	return { id, reason: reasons.at(-1) ?? "" };
}
