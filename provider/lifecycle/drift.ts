import { facetsOf } from "./facets.ts";
import type { Facet, Field, Kind, Live, Values } from "./kind.ts";
import { DECLARED_ONLY, declaredPaths, lastDeclared } from "./record.ts";
import { isUnknown } from "./unknown.ts";

/** One field whose live value is not the declared one, with all that a person needs to judge it. */
export interface Difference {
	readonly path: string;
	/** The value at the last deployment; absent where the field was not declared then. */
	readonly last?: Facet;
	/** The live value; absent where the object has none. */
	readonly live?: Facet;
	/** The declared value; absent where the field is no longer declared. */
	readonly declared?: Facet;
}

type Facets = ReadonlyMap<string, Facet>;

/**
 * Fields that somebody else changed: declared at the last deployment, or declared now, and of another value than state
 * keeps. State keeps no keys, so keys count only if they were declared at the last deployment.
 */
export function driftOf<Inputs extends object>(
	kind: Kind<Inputs>,
	live: Live<Inputs>,
	{ outputs, inputs }: { outputs: Values; inputs?: Values },
): readonly Difference[] {
	const now = facetsOf(kind.fields, live.values as Values);
	const recorded = lastDeclared(kind.fields, outputs);
	const declared = inputs === undefined ? recorded : facetsOf(kind.fields, inputs);
	const kept = facetsOf(kind.fields, outputs);
	// Of a field that is declared for the first time nobody knows what it was, where nothing else is kept.
	const newly = outputs[DECLARED_ONLY] === true ? [] : [...declared.values()];
	const fresh = newly.filter(({ path, secret }) => !secret && !recorded.has(path));
	const last = new Map([
		...fresh.map(({ path }) => [path, kept.get(path) ?? { path, value: "" }] as const),
		...recorded,
	]);
	return [...last.keys()]
		.filter((path) => !same(last.get(path), now.get(path)))
		.map((path) => difference(path, { last, live: now, declared }));
}

/** Whether there is anything to do about the difference: the live value may be the declared one by now. */
export function isOpen({ live, declared }: Difference): boolean {
	return !same(live, declared);
}

/** Whether the object was deleted and created again since the outputs were taken. */
export function isAnother<Inputs extends object>(
	kind: Kind<Inputs>,
	outputs: Values,
	live: Live<Inputs>,
): boolean {
	const before = kind.incarnation(outputs);
	return before !== undefined && before !== live.incarnation;
}

/** Whether everything declared has its declared value in `facets`; unknown values never have. */
export function holds(declared: Facets, facets: Facets): boolean {
	return [...declared].every(([path, facet]) => !isUnknown(facet.value) && same(facet, facets.get(path)));
}

/**
 * Paths declared at the last deployment and no longer, which go back to their default. Secrets stay as they are, and
 * so does a whole property that is kept when it is left out.
 */
export function releasedPaths<Inputs extends object>(
	kind: Kind<Inputs>,
	outputs: Values,
	inputs: Values,
): string[] {
	const declared = facetsOf(kind.fields, inputs);
	const last = lastDeclared(kind.fields, outputs);
	return [...last.values()]
		.filter(({ path, secret }) => !secret && !declared.has(path) && !coveredByUnknown(path, declared))
		.map(({ path }) => path)
		.filter((path) => !isKept(kind, path, inputs))
		.flatMap((path) => [path, ...otherForm(kind, path, inputs)]);
}

function otherForm<Inputs extends object>({ fields }: Kind<Inputs>, path: string, inputs: Values): string[] {
	const other = Object.entries<Field>(fields).find(([field]) => field === path)?.[1].otherForm;
	return other === undefined || inputs[other] !== undefined ? [] : [other];
}

function isKept<Inputs extends object>({ fields }: Kind<Inputs>, path: string, inputs: Values): boolean {
	const name = path.split(".")[0] ?? path;
	return (
		inputs[name] === undefined &&
		Object.entries<Field>(fields).some(([field, { kept }]) => field === name && kept)
	);
}

/** Whether other fields are declared than at the last deployment. */
export function declaresOthers<Inputs extends object>(
	kind: Kind<Inputs>,
	outputs: Values,
	inputs: Values,
): boolean {
	const last = declaredPaths(outputs);
	const declared = facetsOf(kind.fields, inputs);
	return last.size !== declared.size || [...declared.keys()].some((path) => !last.has(path));
}

function difference(path: string, facets: Record<"last" | "live" | "declared", Facets>): Difference {
	const { last, live, declared } = facets;
	return {
		path,
		...optional("last", last.get(path)),
		...optional("live", live.get(path)),
		...optional("declared", declared.get(path)),
	};
}

function optional<Name extends string>(name: Name, facet: Facet | undefined): { [key in Name]?: Facet } {
	return facet === undefined ? {} : ({ [name]: facet } as { [key in Name]: Facet });
}

function coveredByUnknown(path: string, declared: Facets): boolean {
	return [...declared.values()].some((facet) => isUnknown(facet.value) && path.startsWith(`${facet.path}.`));
}

/** Whether two values are one to the services, for which an empty value and none are the same thing. */
export function same(a: Facet | undefined, b: Facet | undefined): boolean {
	return (a?.value ?? "") === (b?.value ?? "");
}
