import { DECLARED_OUTPUT, IDENTITY_OUTPUT, RECORD_OUTPUT } from "../stateKeys.ts";
import { omitNullish, type Values } from "../values.ts";
import { check } from "./check.ts";
import { encodeIdentity, encodeManagedFields } from "./managedFields.ts";
import type { LiveObject, ResourceType } from "./resourceType.ts";
import { listFieldNames } from "./schema.ts";

/**
 * What Pulumi keeps of an object: its live values, the policies of its inputs, and what they declared.
 *
 * @param last the outputs of the last deployment; none at first
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
	});
}

/** An object that exists, as state would have it if it had been deployed as it is. Nothing in it is secret. */
export interface AdoptedObject {
	/** The id under which Pulumi keeps it. */
	readonly id: string;
	readonly inputs: Values;
	readonly outputs: Values;
}

/** An object that can't be taken over. */
export interface SkippedObject {
	readonly id: string;
	/** Why, and what to do. */
	readonly reason: string;
}

/**
 * State's record of an object under the first declaration that is allowed.
 *
 * @param declarations what may be declared of the object, the fullest first
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
