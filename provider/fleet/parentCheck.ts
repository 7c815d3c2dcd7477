import { findSuggestion } from "../text/suggestions.ts";
import type { Values } from "../values.ts";
import type { DeclaredFleet } from "./declaredMembers.ts";
import type { FleetType } from "./fleetType.ts";
import { findCycle } from "./hierarchy.ts";
import { getDeclaredParentName } from "./memberInputs.ts";
import { getOutsideScope, listOutsideParents } from "./outsideParents.ts";

/** A problem of a member's parent: the member's name and the complaint, without a full stop. */
export type ParentProblem = readonly [memberName: string, complaint: string];

/** For how many unknown parents a similar name is searched, because every name is compared with every gateway. */
const MAX_SUGGESTIONS = 20;

/**
 * Returns the problems of the declared parents: a cycle, a parent that is nobody or cannot have children, a parent given in two ways, and
 * a name that stands for a member and for a parent outside the fleet.
 */
export function findParentProblems<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
): readonly ParentProblem[] {
	const { declaredMembers } = fleet;
	if (fleetType.hierarchy === undefined) return [];
	const cycle = findCycle(declaredMembers.keys(), (memberName) =>
		getDeclaredParentName(fleetType, declaredMembers, memberName),
	);
	const cycleProblems: ParentProblem[] =
		cycle.length === 0 ? [] : [[cycle[0] ?? "", `parent forms a cycle: ${[...cycle, cycle[0]].join(" → ")}`]];
	const suggestParent = createSuggester(fleetType, fleet);
	const memberProblems = [...declaredMembers].flatMap(([memberName, memberInputs]): ParentProblem[] => {
		const complaint =
			findDoubleParent(fleetType, memberInputs) ??
			findUnusableParent(fleetType, fleet, { memberInputs, suggestParent });
		return complaint === undefined ? [] : [[memberName, complaint]];
	});
	return [...cycleProblems, ...findAmbiguousParents(fleetType, fleet), ...memberProblems];
}

function findAmbiguousParents<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ fleetInputs, declaredMembers }: DeclaredFleet,
): readonly ParentProblem[] {
	const { membersProperty, memberNoun, hierarchy } = fleetType;
	const property = hierarchy?.outsideProperty;
	return listOutsideParents(fleetType, fleetInputs)
		.filter((name) => declaredMembers.has(name))
		.map((name) => [
			name,
			`is one of the fleet's ${membersProperty} and one of its ${property}; ${property} are outside the fleet, so remove it there, or give the outside ${memberNoun} another name there and in parent`,
		]);
}

/** Returns the problem of a member that declares its parent by name and by a property of its resource. */
function findDoubleParent<Inputs extends object>(
	{ hierarchy, resourcePaths = {} }: FleetType<Inputs>,
	memberInputs: Values,
): string | undefined {
	if (hierarchy?.getParentName(memberInputs) === undefined) return undefined;
	const other = resourcePaths["parent"]?.find((name) => !isEmpty(memberInputs[name]));
	return other === undefined
		? undefined
		: `parent cannot be used with ${other}; declare the parent by its name or by its scope, not both`;
}

function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
	);
}

function findUnusableParent<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	fleet: DeclaredFleet,
	{ memberInputs, suggestParent }: { memberInputs: Values; suggestParent: (name: string) => string },
): string | undefined {
	const { hierarchy, memberNoun, membersProperty } = fleetType;
	const parentName = hierarchy?.getParentName(memberInputs);
	if (parentName === undefined || getOutsideScope(fleetType, fleet, parentName) !== undefined)
		return undefined;
	const parentInputs = fleet.declaredMembers.get(parentName);
	if (parentInputs !== undefined && hierarchy?.canHaveChildren(parentInputs)) return undefined;
	const subject = `parent is ${JSON.stringify(parentName)}, which is`;
	if (parentInputs !== undefined) return `${subject} declared as a ${memberNoun} that cannot have children`;
	const outside =
		hierarchy?.outsideProperty === undefined ? "" : ` and not one of its ${hierarchy.outsideProperty}`;
	return `${subject} not one of the fleet's ${membersProperty}${outside}${suggestParent(parentName)}`;
}

/** Returns a function that suggests a parent with a similar name: text to append to a complaint, or empty. */
function createSuggester<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	{ fleetInputs, declaredMembers }: DeclaredFleet,
): (parentName: string) => string {
	const suggestions = new Map<string, string>();
	let candidates: readonly string[] | undefined;
	return (parentName) => {
		const known = suggestions.get(parentName);
		if (known !== undefined || suggestions.size >= MAX_SUGGESTIONS) return known ?? "";
		candidates ??= [
			...listOutsideParents(fleetType, fleetInputs),
			...[...declaredMembers].flatMap(([name, inputs]) =>
				fleetType.hierarchy?.canHaveChildren(inputs) ? [name] : [],
			),
		];
		const suggestion = findSuggestion(parentName, candidates);
		const text = suggestion === undefined ? "" : `; did you mean ${JSON.stringify(suggestion)}?`;
		suggestions.set(parentName, text);
		return text;
	};
}
