import { namesWithRole } from "./facets.ts";
import type { Kind, Live, Values } from "./kind.ts";
import { plain } from "./plain.ts";
import { DECLARED, IDENTITY, recordDeclared, recordIdentity } from "./record.ts";
import { RECORD } from "./recordMark.ts";

/**
 * What Pulumi keeps of an object: its live values, the policies of its inputs, and what they declared.
 *
 * @param last the outputs of the last deployment; none at first
 */
export function outputsOf<Inputs extends object>(
	kind: Kind<Inputs>,
	live: Live<Inputs>,
	inputs: Values,
	last: Values = {},
): Record<string, unknown> {
	const policies = namesWithRole(kind.fields, "policy").map((name) => [name, inputs[name]]);
	return plain({
		...kind.outputs(live, inputs, last),
		...Object.fromEntries(policies),
		...kind.deeds?.recorded(live, inputs, last),
		[DECLARED]: recordDeclared(kind.fields, inputs),
		[IDENTITY]: recordIdentity(kind.fields, inputs, last),
		[RECORD]: last[RECORD],
	});
}
