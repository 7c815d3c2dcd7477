import { namesWithRole } from "./facets.ts";
import type { Fault, Field, Kind, Values } from "./kind.ts";
import { ORIGIN } from "./origin.ts";
import { plain } from "./plain.ts";
import { isUnknown } from "./unknown.ts";

/** What Pulumi expects of `check`. The names matter: a misspelt `failures` is dropped without a word. */
export interface CheckResult {
	inputs: Record<string, unknown>;
	failures: { property: string; reason: string }[];
}

/** Completes the inputs and refuses, before any request, what the service would refuse. */
export function check<Inputs extends object>(kind: Kind<Inputs>, news: Values): CheckResult {
	const inputs = plain(kind.complete(plain(news)));
	const faults = [
		...strangers(kind, inputs),
		...ownRules(kind, inputs),
		...kind.rules.flatMap((rule) => rule(inputs)),
	];
	const failures = faults.map(({ property, reason }) => ({ property: tellable(kind, property), reason }));
	return { inputs, failures };
}

/**
 * The property as Pulumi may hear of it: of one that it is told of it prints the value, secret or not (pkg/resource/deploy,
 * "property … value {…} has a problem"). The reason names the property anyway.
 */
function tellable<Inputs extends object>({ fields }: Kind<Inputs>, property: string): string {
	return Object.entries<Field>(fields).some(([name, { secret }]) => name === property && secret)
		? ""
		: property;
}

function ownRules<Inputs extends object>(kind: Kind<Inputs>, inputs: Values): readonly Fault[] {
	const names = Object.keys(kind.fields) as (keyof Inputs & string)[];
	return names
		.filter((name) => inputs[name] !== undefined && !isUnknown(inputs[name]))
		.flatMap((name) => kind.fields[name].rule(inputs[name], name));
}

function strangers<Inputs extends object>(kind: Kind<Inputs>, inputs: Values): readonly Fault[] {
	return Object.keys(inputs)
		.filter((name) => name !== ORIGIN && !Object.hasOwn(kind.fields, name))
		.map((name) => ({
			property: name,
			reason: `${kind.title} has no property "${name}".${hint(kind, name)}`,
		}));
}

function hint<Inputs extends object>(kind: Kind<Inputs>, name: string): string {
	const known = (["identity", "managed", "policy"] as const).flatMap((role) =>
		namesWithRole(kind.fields, role),
	);
	const close = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
	const offered = kind.offered ?? known;
	return close === undefined ? ` It has: ${offered.join(", ")}.` : ` Did you mean "${close}"?`;
}
