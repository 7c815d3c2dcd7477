import { isUnknown, type Values } from "../values.ts";
import { DECLARED_ONLY_OUTPUT, getLastApplied, listDeclaredPaths } from "./managedFields.ts";
import type { LiveObject, ResourceType } from "./resourceType.ts";
import { type Field, type FieldValue, toFieldValues } from "./schema.ts";

/** One field whose live value is not the declared one, with all that a person needs to judge it. */
export interface FieldDifference {
	readonly path: string;
	/** The value at the last deployment; absent where the field was not declared then. */
	readonly last?: FieldValue;
	/** The live value; absent where the object has none. */
	readonly live?: FieldValue;
	/** The declared value; absent where the field is no longer declared. */
	readonly declared?: FieldValue;
}

type FieldValues = ReadonlyMap<string, FieldValue>;

/**
 * Fields that somebody else changed: declared at the last deployment, or declared now, and of another value than state
 * keeps. State keeps no keys, so keys count only if they were declared at the last deployment.
 */
export function detectDrift<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	live: LiveObject<Inputs>,
	{ outputs, inputs }: { outputs: Values; inputs?: Values },
): readonly FieldDifference[] {
	const liveValues = toFieldValues(resourceType.schema, live.values as Values);
	const lastApplied = getLastApplied(resourceType.schema, outputs);
	const declared = inputs === undefined ? lastApplied : toFieldValues(resourceType.schema, inputs);
	const stateValues = toFieldValues(resourceType.schema, outputs);
	// Of a field that is declared for the first time nobody knows what it was, where nothing else is kept.
	const candidates = outputs[DECLARED_ONLY_OUTPUT] === true ? [] : [...declared.values()];
	const newlyDeclared = candidates.filter(({ path, secret }) => !secret && !lastApplied.has(path));
	const last = new Map([
		...newlyDeclared.map(({ path }) => [path, stateValues.get(path) ?? { path, value: "" }] as const),
		...lastApplied,
	]);
	return [...last.keys()]
		.filter((path) => !hasEqualValue(last.get(path), liveValues.get(path)))
		.map((path) => toFieldDifference(path, { last, live: liveValues, declared }));
}

/** Whether there is anything to do about the difference: the live value may be the declared one by now. */
export function needsReconcile({ live, declared }: FieldDifference): boolean {
	return !hasEqualValue(live, declared);
}

/** Whether the object was deleted and created again since the outputs were taken. */
export function wasRecreated<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	outputs: Values,
	live: LiveObject<Inputs>,
): boolean {
	const uid = resourceType.getUid(outputs);
	return uid !== undefined && uid !== live.uid;
}

/** Whether everything declared has its declared value in `facets`; unknown values never have. */
export function matchesAll(declared: FieldValues, actual: FieldValues): boolean {
	return [...declared].every(
		([path, expected]) => !isUnknown(expected.value) && hasEqualValue(expected, actual.get(path)),
	);
}

/**
 * Paths declared at the last deployment and no longer, which go back to their default. Secrets stay as they are, and
 * so does a whole property that is kept when it is left out.
 */
export function findUnsetPaths<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	outputs: Values,
	inputs: Values,
): string[] {
	const declared = toFieldValues(resourceType.schema, inputs);
	const lastApplied = getLastApplied(resourceType.schema, outputs);
	return [...lastApplied.values()]
		.filter(({ path, secret }) => !secret && !declared.has(path) && !isCoveredByUnknown(path, declared))
		.map(({ path }) => path)
		.filter((path) => !isKeptWhenUnset(resourceType, path, inputs))
		.flatMap((path) => [path, ...findUnsetAlternative(resourceType, path, inputs)]);
}

function findUnsetAlternative<Inputs extends object>(
	{ schema }: ResourceType<Inputs>,
	path: string,
	inputs: Values,
): string[] {
	const alternative = Object.entries<Field>(schema).find(([field]) => field === path)?.[1].alternative;
	return alternative === undefined || inputs[alternative] !== undefined ? [] : [alternative];
}

function isKeptWhenUnset<Inputs extends object>(
	{ schema }: ResourceType<Inputs>,
	path: string,
	inputs: Values,
): boolean {
	const name = path.split(".")[0] ?? path;
	return (
		inputs[name] === undefined &&
		Object.entries<Field>(schema).some(([field, { keepWhenUnset }]) => field === name && keepWhenUnset)
	);
}

/** Whether other fields are declared than at the last deployment. */
export function hasOtherDeclaredFields<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	outputs: Values,
	inputs: Values,
): boolean {
	const lastPaths = listDeclaredPaths(outputs);
	const declared = toFieldValues(resourceType.schema, inputs);
	return lastPaths.size !== declared.size || [...declared.keys()].some((path) => !lastPaths.has(path));
}

function toFieldDifference(
	path: string,
	values: Record<"last" | "live" | "declared", FieldValues>,
): FieldDifference {
	const { last, live, declared } = values;
	return {
		path,
		...toOptionalEntry("last", last.get(path)),
		...toOptionalEntry("live", live.get(path)),
		...toOptionalEntry("declared", declared.get(path)),
	};
}

function toOptionalEntry<Name extends string>(
	name: Name,
	value: FieldValue | undefined,
): { [key in Name]?: FieldValue } {
	return value === undefined ? {} : ({ [name]: value } as { [key in Name]: FieldValue });
}

function isCoveredByUnknown(path: string, declared: FieldValues): boolean {
	return [...declared.values()].some(
		(fieldValue) => isUnknown(fieldValue.value) && path.startsWith(`${fieldValue.path}.`),
	);
}

/** Whether two values are one to the services, for which an empty value and none are the same thing. */
export function hasEqualValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
	return (a?.value ?? "") === (b?.value ?? "");
}
