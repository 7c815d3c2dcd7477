import { isEqual, isList, isMap, type PropertyMap, type Value } from "./value.ts";

/** The change of one property, and whether it requires a replacement. */
export interface PropertyDiff {
	readonly diffKind: "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";
	readonly inputDiff: boolean;
}

/** The changes by property path. */
export type DetailedDiff = Readonly<Record<string, PropertyDiff>>;

/**
 * Compares two property maps as the engine does for providers that leave it to the engine
 * (pkg/resource/plugin/provider.go, `NewDetailedDiffFromObjectDiff`).
 */
export const createDetailedDiff = (olds: PropertyMap, news: PropertyMap): DetailedDiff =>
	Object.fromEntries(compareMaps("", olds, news));

type Found = readonly [path: string, diff: PropertyDiff];

const compareMaps = (prefix: string, olds: PropertyMap, news: PropertyMap): Found[] =>
	[...new Set([...Object.keys(olds), ...Object.keys(news)])].flatMap((name) =>
		compare(join(prefix, name), olds[name], news[name]),
	);

function compare(path: string, old: Value | undefined, fresh: Value | undefined): Found[] {
	if (isEqual(old ?? null, fresh ?? null)) return [];
	if (isMap(old) && isMap(fresh)) return compareMaps(path, old, fresh);
	if (isList(old) && isList(fresh)) {
		const length = Math.max(old.length, fresh.length);
		return [...Array(length).keys()].flatMap((index) =>
			compare(`${path}[${index}]`, old[index], fresh[index]),
		);
	}
	const diffKind =
		old === undefined || old === null ? "add" : fresh === undefined || fresh === null ? "delete" : "update";
	return [[path, { diffKind, inputDiff: true }]];
}

const join = (prefix: string, name: string): string => {
	if (!/^[a-zA-Z_$][a-zA-Z_$0-9]*$/u.test(name)) return `${prefix}[${JSON.stringify(name)}]`;
	return prefix === "" ? name : `${prefix}.${name}`;
};

/** Returns the change seen from the other side, as a refresh shows it. */
export const invertDetailedDiff = (diff: DetailedDiff): DetailedDiff =>
	Object.fromEntries(
		Object.entries(diff).map(([path, { diffKind, inputDiff }]) => [
			path,
			{ diffKind: INVERSE[diffKind], inputDiff },
		]),
	);

const INVERSE = {
	add: "delete",
	"add-replace": "delete-replace",
	delete: "add",
	"delete-replace": "add-replace",
	update: "update",
	"update-replace": "update-replace",
} as const;

/** Returns the change as one that requires a replacement. */
export const toReplace = (diff: PropertyDiff): PropertyDiff => ({
	...diff,
	diffKind: REPLACING[diff.diffKind],
});

const REPLACING = {
	add: "add-replace",
	"add-replace": "add-replace",
	delete: "delete-replace",
	"delete-replace": "delete-replace",
	update: "update-replace",
	"update-replace": "update-replace",
} as const;
