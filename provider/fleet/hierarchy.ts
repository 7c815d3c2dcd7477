/** The members in rows, each row needing nothing but the rows before it. */
export type HierarchyLevels = readonly (readonly string[])[];

/**
 * Puts members in order: parents before children.
 *
 * @param getParent the member that must be there before, if any; one outside `ids` counts as there
 */
export function groupByLevel(
	names: Iterable<string>,
	getParent: (id: string) => string | undefined,
): HierarchyLevels {
	const all = new Set(names);
	const depths = new Map<string, number>();
	const levels: string[][] = [];
	for (const id of all) {
		const depth = measureDepth(id, { all, getParent, depths });
		const level = levels[depth] ?? [];
		level.push(id);
		levels[depth] = level;
	}
	return levels;
}

/** The members of a circle of parents, in its order, where there is one. */
export function findCycle(
	names: Iterable<string>,
	getParent: (id: string) => string | undefined,
): readonly string[] {
	const visited = new Set<string>();
	for (const id of names) {
		const path = new Set<string>();
		let current: string | undefined = id;
		while (current !== undefined && !visited.has(current) && !path.has(current)) {
			path.add(current);
			current = getParent(current);
		}
		if (current !== undefined && path.has(current)) return [...path].slice([...path].indexOf(current));
		for (const passed of path) visited.add(passed);
	}
	return [];
}

interface DepthSearch {
	readonly all: ReadonlySet<string>;
	readonly getParent: (id: string) => string | undefined;
	readonly depths: Map<string, number>;
}

/** How many members of the set stand above this one. There is no circle: `check` refuses those. */
function measureDepth(name: string, { all, getParent, depths }: DepthSearch): number {
	const path = new Set<string>();
	let current: string | undefined = name;
	while (current !== undefined && all.has(current) && !depths.has(current) && !path.has(current)) {
		path.add(current);
		current = getParent(current);
	}
	let depth = current !== undefined && all.has(current) ? (depths.get(current) ?? -1) : -1;
	for (const passed of [...path].reverse()) depths.set(passed, ++depth);
	return depths.get(name) ?? 0;
}
