import {
	formatProviderReference,
	getName,
	getType,
	makeUrn,
	parseReference,
	qualifyType,
	STACK_TYPE,
} from "../urn.ts";
import type { ResourceState } from "./resourceState.ts";

/**
 * Writes the new names of renamed resources wherever the old ones stand, and forgets the old ones
 * (pkg/resource/deploy/snapshot.go, `NormalizeURNReferences`). States that need no change are answered as they are.
 */
export function normalizeUrns(states: readonly ResourceState[]): readonly ResourceState[] {
	if (states.every(({ aliases }) => aliases.length === 0)) return states;
	const renamed = renames(states);
	const fix = (urn: string): string => renamed.get(urn) ?? urn;
	const fixAll = (urns: readonly string[]): readonly string[] => urns.map(fix);
	return states.map((state) => ({
		...state,
		urn: fix(state.urn),
		parent: fix(state.parent),
		provider: fixReference(state.provider, fix),
		dependencies: fixAll(state.dependencies),
		propertyDependencies:
			state.propertyDependencies === undefined
				? undefined
				: Object.fromEntries(
						Object.entries(state.propertyDependencies).map(([name, urns]) => [name, fixAll(urns)]),
					),
		deletedWith: fix(state.deletedWith),
		replaceWith: fixAll(state.replaceWith),
		aliases: [],
	}));
}

function renames(states: readonly ResourceState[]): Map<string, string> {
	const renamed = new Map<string, string>();
	for (const { aliases, urn, parent } of states) {
		for (const alias of aliases) renamed.set(alias, urn);
		const newParent = renamed.get(parent);
		if (newParent === undefined || qualifyType(newParent) === STACK_TYPE) continue;
		renamed.set(urn, makeUrn(scopeOf(urn), newParent, getType(urn), getName(urn)));
	}
	return renamed;
}

function scopeOf(urn: string): { readonly stack: string; readonly project: string } {
	const [prefix = "", project = ""] = urn.split("::");
	return { stack: prefix.split(":")[2] ?? "", project };
}

function fixReference(reference: string, fix: (urn: string) => string): string {
	if (reference === "") return "";
	const { urn, id } = parseReference(reference);
	return formatProviderReference(fix(urn), id);
}
