import { listFieldNames } from "./facets.ts";
import type { ResourceType, LiveObject } from "./kind.ts";
import { type Values, omitNullish } from "./plain.ts";
import { DECLARED_OUTPUT, IDENTITY_OUTPUT, encodeManagedFields, encodeIdentity } from "./record.ts";
import { RECORD_OUTPUT } from "./recordMark.ts";

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
	const providerOptions = listFieldNames(resourceType.schema, "policy").map((name) => [name, inputs[name]]);
	return omitNullish({
		...resourceType.toOutputs(live, inputs, last),
		...Object.fromEntries(providerOptions),
		...resourceType.oneTimeActions?.stateAfter(live, inputs, last),
		[DECLARED_OUTPUT]: encodeManagedFields(resourceType.schema, inputs),
		[IDENTITY_OUTPUT]: encodeIdentity(resourceType.schema, inputs, last),
		[RECORD_OUTPUT]: last[RECORD_OUTPUT],
	});
}
