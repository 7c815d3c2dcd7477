/** The members in rows, each row needing nothing but the rows before it. */
export type Levels = readonly (readonly string[])[];

/**
 * Puts members in order: parents before children.
 *
 * @param parentOf the member that must be there before, if any; one outside `ids` counts as there
 */
export function levelsOf(ids: Iterable<string>, parentOf: (id: string) => string | undefined): Levels {
	const all = new Set(ids);
	const depths = new Map<string, number>();
	const levels: string[][] = [];
	for (const id of all) {
		const depth = depthOf(id, { all, parentOf, depths });
		const level = levels[depth] ?? [];
		level.push(id);
		levels[depth] = level;
	}
	return levels;
}

/** The members of a circle of parents, in its order, where there is one. */
export function circleIn(
	ids: Iterable<string>,
	parentOf: (id: string) => string | undefined,
): readonly string[] {
	const done = new Set<string>();
	for (const id of ids) {
		const way = new Set<string>();
		let at: string | undefined = id;
		while (at !== undefined && !done.has(at) && !way.has(at)) {
			way.add(at);
			at = parentOf(at);
		}
		if (at !== undefined && way.has(at)) return [...way].slice([...way].indexOf(at));
		for (const passed of way) done.add(passed);
	}
	return [];
}

interface Depths {
	readonly all: ReadonlySet<string>;
	readonly parentOf: (id: string) => string | undefined;
	readonly depths: Map<string, number>;
}

/** How many members of the set stand above this one. There is no circle: `check` refuses those. */
function depthOf(id: string, { all, parentOf, depths }: Depths): number {
	const way = new Set<string>();
	let at: string | undefined = id;
	while (at !== undefined && all.has(at) && !depths.has(at) && !way.has(at)) {
		way.add(at);
		at = parentOf(at);
	}
	let depth = at !== undefined && all.has(at) ? (depths.get(at) ?? -1) : -1;
	for (const passed of [...way].reverse()) depths.set(passed, ++depth);
	return depths.get(id) ?? 0;
}
