import { IGNORED_INPUT } from "../stateKeys.ts";
import {
	ANY_NAME,
	decodePropertyPaths,
	encodePropertyPaths,
	type PropertyPath,
} from "../text/propertyPaths.ts";
import { isObject, type Values } from "../values.ts";
import type { DeclaredMembers } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";

/** The parts of a fleet type that say what a path of `ignoreChanges` means for a member. */
type IgnoringFleetType<Inputs extends object> = Pick<
	FleetType<Inputs>,
	"membersProperty" | "sharedFields" | "resourcePaths"
>;

/**
 * Returns the hidden input that a member would have as a resource of its own: the paths of the fleet's `ignoreChanges` that concern
 * it. Empty if none does.
 *
 * @param fleetProperties the fleet's inputs, or its outputs for what the last deployment ignored
 */
export function getIgnoredInput<Inputs extends object>(
	fleetType: IgnoringFleetType<Inputs>,
	fleetProperties: Values,
	memberName: string,
): Values {
	if (fleetProperties[IGNORED_INPUT] === undefined) return {};
	const indexed = INDEXED.get(fleetProperties) ?? indexPaths(fleetType, fleetProperties);
	INDEXED.set(fleetProperties, indexed);
	const { inEvery, inOne } = indexed;
	const paths = [...inEvery, ...(inOne.get(memberName) ?? [])];
	return paths.length === 0 ? {} : { [IGNORED_INPUT]: encodePropertyPaths(paths) };
}

/** The paths in members, as paths in a resource. */
interface IndexedPaths {
	readonly inEvery: readonly PropertyPath[];
	readonly inOne: ReadonlyMap<string, readonly PropertyPath[]>;
}

/** The results by the properties of their fleet: every member needs the same one. */
const INDEXED = new WeakMap<Values, IndexedPaths>();

function indexPaths<Inputs extends object>(
	fleetType: IgnoringFleetType<Inputs>,
	fleetProperties: Values,
): IndexedPaths {
	const inEvery: PropertyPath[] = [];
	const inOne = new Map<string, PropertyPath[]>();
	for (const path of decodePropertyPaths(fleetProperties[IGNORED_INPUT])) {
		const [name, memberName] = path;
		if (name === ANY_NAME || name === fleetType.membersProperty) {
			const resourcePaths = toResourcePaths(fleetType, path.slice(2));
			if (memberName === undefined || memberName === ANY_NAME) inEvery.push(...resourcePaths);
			else inOne.set(String(memberName), [...(inOne.get(String(memberName)) ?? []), ...resourcePaths]);
		}
		inEvery.push(...toSharedPaths(fleetType, path));
	}
	return { inEvery, inOne };
}

/** Returns the path of a resource for a path of a member; a property of the member can stand for several of the resource. */
function toResourcePaths<Inputs extends object>(
	{ resourcePaths = {} }: IgnoringFleetType<Inputs>,
	[property, ...rest]: PropertyPath,
): readonly PropertyPath[] {
	if (property === undefined) return [[ANY_NAME]];
	const names = resourcePaths[String(property)];
	return names === undefined ? [[property, ...rest]] : names.map((name) => [name]);
}

/** Returns the paths of a member's resource that follow from an ignored input of the fleet. */
function toSharedPaths<Inputs extends object>(
	{ sharedFields = {} }: IgnoringFleetType<Inputs>,
	[name, ...rest]: PropertyPath,
): readonly PropertyPath[] {
	const fields = name === ANY_NAME && rest.length === 0 ? Object.values(sharedFields) : [];
	const named = Object.hasOwn(sharedFields, String(name)) ? [sharedFields[String(name)]] : fields;
	return named.flatMap((field) =>
		field?.resourcePath === undefined ? [] : [[...field.resourcePath.split("."), ...rest]],
	);
}

/**
 * Returns the members with the values of the last deployment at the ignored paths, as Pulumi's engine returns the inputs of other
 * resources. It cannot do this for the members of a fleet, which it receives as one string.
 *
 * @param previousMembers the declaration of the last deployment
 */
export function keepIgnoredMembers<Inputs extends object>(
	{ membersProperty }: IgnoringFleetType<Inputs>,
	fleetInputs: Values,
	{
		declaredMembers,
		previousMembers,
	}: Readonly<Record<"declaredMembers" | "previousMembers", DeclaredMembers>>,
): DeclaredMembers {
	const paths = decodePropertyPaths(fleetInputs[IGNORED_INPUT])
		.filter(([name, ...rest]) => (name === ANY_NAME || name === membersProperty) && rest.length > 0)
		.map((path) => path.slice(1));
	if (paths.length === 0) return declaredMembers;
	const members = new Map(declaredMembers);
	for (const [memberName, ...rest] of paths) {
		const memberNames =
			memberName === ANY_NAME ? [...members.keys(), ...previousMembers.keys()] : [String(memberName)];
		for (const name of new Set(memberNames)) {
			const previous = previousMembers.get(name);
			// A member that is created gets what is declared.
			if (previous === undefined && rest.length > 0) continue;
			const kept = keepValues(previous, members.get(name), rest);
			if (kept === undefined) members.delete(name);
			else if (isObject(kept)) members.set(name, kept);
		}
	}
	return members;
}

/**
 * Returns the new value with the old one at a path. A value in something that only one of them has stays as it is
 * (pulumi/pulumi `sdk/go/common/resource/properties_path.go`, `PropertyPath.reset`).
 */
function keepValues(olds: unknown, news: unknown, [name, ...rest]: PropertyPath): unknown {
	if (name === undefined) return olds;
	if (!isObject(news) || (rest.length > 0 && !isObject(olds))) return news;
	const oldValues = isObject(olds) ? olds : {};
	const names = name === ANY_NAME ? Object.keys({ ...oldValues, ...news }) : [String(name)];
	const entries = names
		.filter((each) => rest.length === 0 || news[each] !== undefined)
		.map((each): [string, unknown] => [each, keepValues(oldValues[each], news[each], rest)]);
	const merged = { ...news, ...Object.fromEntries(entries) };
	return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}
