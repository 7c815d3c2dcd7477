/** Members by level: the parents of a level's members are in earlier levels. */
export type HierarchyLevels = readonly (readonly string[])[];

/** Returns the name of a member's parent; undefined if it has none. */
type ParentLookup = (memberName: string) => string | undefined;

/** Groups members by level, parents before children. A parent that is not among the members counts as existing. */
export function groupByLevel(memberNames: Iterable<string>, getParentName: ParentLookup): HierarchyLevels {
	const allNames = new Set(memberNames);
	const depths = new Map<string, number>();
	const levels: string[][] = [];
	for (const memberName of allNames) {
		const depth = measureDepth(memberName, { allNames, getParentName, depths });
		const level = levels[depth] ?? [];
		level.push(memberName);
		levels[depth] = level;
	}
	return levels;
}

/** Returns the members of a cycle of parents, in the order of the cycle; empty if there is no cycle. */
export function findCycle(memberNames: Iterable<string>, getParentName: ParentLookup): readonly string[] {
	const visited = new Set<string>();
	for (const memberName of memberNames) {
		const path = new Set<string>();
		let current: string | undefined = memberName;
		while (current !== undefined && !visited.has(current) && !path.has(current)) {
			path.add(current);
			current = getParentName(current);
		}
		if (current !== undefined && path.has(current)) return [...path].slice([...path].indexOf(current));
		for (const passed of path) visited.add(passed);
	}
	return [];
}

/** Returns the declared ancestors of these members that are not among the members themselves, each once. */
export function findOtherAncestors(
	memberNames: readonly string[],
	declaredMembers: ReadonlyMap<string, unknown>,
	getParentName: ParentLookup,
): readonly string[] {
	const given = new Set(memberNames);
	const ancestors = new Set<string>();
	for (const memberName of memberNames) {
		let ancestor = getParentName(memberName);
		while (
			ancestor !== undefined &&
			declaredMembers.has(ancestor) &&
			!given.has(ancestor) &&
			!ancestors.has(ancestor)
		) {
			ancestors.add(ancestor);
			ancestor = getParentName(ancestor);
		}
	}
	return [...ancestors];
}

interface DepthSearch {
	readonly allNames: ReadonlySet<string>;
	readonly getParentName: ParentLookup;
	readonly depths: Map<string, number>;
}

/** Returns how many ancestors of a member are in the set. `check` has already refused cycles. */
function measureDepth(memberName: string, { allNames, getParentName, depths }: DepthSearch): number {
	const path = new Set<string>();
	let current: string | undefined = memberName;
	while (current !== undefined && allNames.has(current) && !depths.has(current) && !path.has(current)) {
		path.add(current);
		current = getParentName(current);
	}
	let depth = current !== undefined && allNames.has(current) ? (depths.get(current) ?? -1) : -1;
	for (const passed of [...path].reverse()) depths.set(passed, ++depth);
	return depths.get(memberName) ?? 0;
}
