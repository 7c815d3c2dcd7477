import type { Provider } from "../provider/provider.ts";
import {
	createDetailedDiff,
	type DetailedDiff,
	invertDetailedDiff,
	toReplace,
} from "../values/detailedDiff.ts";
import { containsPath, parsePath, resetPath } from "../values/path.ts";
import { listChangedNames, mapWithoutSecrets, type PropertyMap } from "../values/value.ts";

/** The effect of changed inputs on a resource (pkg/resource/plugin/provider.go, `DiffResult`). */
export interface Diff {
	readonly changes: "none" | "some";
	readonly replaceKeys: readonly string[];
	readonly changedKeys?: readonly string[];
	readonly detailedDiff?: DetailedDiff | undefined;
	readonly deleteBeforeReplace: boolean;
}

/** Creates a difference that requires a replacement, with the reason. */
export const replaceBecause = (...keys: readonly string[]): Diff => ({
	changes: "some",
	replaceKeys: keys,
	deleteBeforeReplace: false,
});

/** Creates a difference without a call of a provider. */
export const createPlainDiff = (changed: boolean): Diff => ({
	changes: changed ? "some" : "none",
	replaceKeys: [],
	deleteBeforeReplace: false,
});

/** The recorded side of a difference. */
export interface Recorded {
	readonly urn: string;
	readonly id: string;
	readonly inputs: PropertyMap;
	readonly outputs: PropertyMap;
}

/** Calls the provider, and compares the inputs if it does not decide (pkg/resource/deploy/step_generator.go, `diffResource`). */
export async function diffResource(
	provider: Provider,
	old: Recorded,
	news: PropertyMap,
	unknowns: boolean,
	ignoreChanges: readonly string[],
): Promise<Diff> {
	const { changes, replaceKeys, deleteBeforeReplace } = await provider.diff(old, old, news, unknowns);
	if (changes !== "unknown") return { changes, replaceKeys, deleteBeforeReplace };
	const fresh = omitIgnoredChanges(news, old.inputs, ignoreChanges).inputs;
	const [left, right] = [mapWithoutSecrets(old.inputs), mapWithoutSecrets(fresh)];
	const changedKeys = listChangedNames(left, right);
	if (changedKeys.length === 0) return { changes: "none", replaceKeys, deleteBeforeReplace };
	return {
		changes: "some",
		replaceKeys,
		changedKeys,
		detailedDiff: createDetailedDiff(left, right),
		deleteBeforeReplace,
	};
}

/** Returns whether the resource must be replaced. */
export const requiresReplace = (diff: Diff): boolean =>
	diff.replaceKeys.length > 0 ||
	Object.values(diff.detailedDiff ?? {}).some(({ diffKind }) => diffKind.endsWith("-replace"));

/** Returns the difference seen from the other side, as a refresh shows it. */
export const invertDiff = (diff: Diff): Diff => ({
	...diff,
	detailedDiff: diff.detailedDiff === undefined ? undefined : invertDetailedDiff(diff.detailedDiff),
});

/** The special path for errors of the last initialization. */
const INIT_ERROR = "#initerror";

/** Turns changes at the paths of `replaceOnChanges` into replacements (`applyReplaceOnChanges`). */
export function applyReplaceOnChanges(diff: Diff, paths: readonly string[], hasInitErrors: boolean): Diff {
	if (diff.changes === "none" && !hasInitErrors) return diff;
	const parsed = paths.flatMap((path) => [parsePath(path) ?? []]);
	const isIgnored = (path: string): boolean =>
		parsed.some((outer) => containsPath(outer, parsePath(path) ?? [path]));
	const replaceKeys = new Set([...diff.replaceKeys, ...(diff.changedKeys ?? []).filter(isIgnored)]);
	const replaceForInit = hasInitErrors && isIgnored(INIT_ERROR);
	if (replaceForInit) replaceKeys.add(INIT_ERROR);
	const detailed = Object.entries(diff.detailedDiff ?? {}).map(
		([path, change]) => [path, isIgnored(path) ? toReplace(change) : change] as const,
	);
	return {
		...diff,
		changes: replaceForInit ? "some" : diff.changes,
		replaceKeys: [...replaceKeys],
		detailedDiff: diff.detailedDiff === undefined ? undefined : Object.fromEntries(detailed),
	};
}

/**
 * Returns the inputs with the old values at the paths to ignore, and the paths at which that is impossible
 * (`processIgnoreChanges`).
 */
export function omitIgnoredChanges(
	news: PropertyMap,
	olds: PropertyMap,
	paths: readonly string[],
): { readonly inputs: PropertyMap; readonly invalid: readonly string[] } {
	let inputs = news;
	const invalid: string[] = [];
	for (const path of paths) {
		const parsed = parsePath(path);
		if (parsed === undefined) continue;
		const reset = resetPath(parsed, olds, inputs);
		if (!reset.ok) invalid.push(path);
		inputs = reset.inputs;
	}
	return { inputs, invalid };
}
