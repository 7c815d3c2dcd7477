import {
	formatProviderReference,
	getName,
	getType,
	makeUrn,
	parseReference,
	readQualifiedType,
	STACK_TYPE,
} from "../urn.ts";
import type { ResourceState } from "./resourceState.ts";

/**
 * Replaces the old names of renamed resources by the new ones everywhere, and removes the old ones
 * (pkg/resource/deploy/snapshot.go, `NormalizeURNReferences`). States that need no change are returned as they are.
 */
export function normalizeUrns(states: readonly ResourceState[]): readonly ResourceState[] {
	if (states.every(({ aliases }) => aliases.length === 0)) return states;
	const renamed = findRenames(states);
	const fix = (urn: string): string => renamed.get(urn) ?? urn;
	const fixUrns = (urns: readonly string[]): readonly string[] => urns.map(fix);
	return states.map((state) => ({
		...state,
		urn: fix(state.urn),
		parent: fix(state.parent),
		provider: fixProviderReference(state.provider, fix),
		dependencies: fixUrns(state.dependencies),
		propertyDependencies:
			state.propertyDependencies === undefined
				? undefined
				: Object.fromEntries(
						Object.entries(state.propertyDependencies).map(([name, urns]) => [name, fixUrns(urns)]),
					),
		deletedWith: fix(state.deletedWith),
		replaceWith: fixUrns(state.replaceWith),
		aliases: [],
	}));
}

function findRenames(states: readonly ResourceState[]): Map<string, string> {
	const renamed = new Map<string, string>();
	for (const { aliases, urn, parent } of states) {
		for (const alias of aliases) renamed.set(alias, urn);
		const newParent = renamed.get(parent);
		if (newParent === undefined || readQualifiedType(newParent) === STACK_TYPE) continue;
		renamed.set(urn, makeUrn(readScope(urn), newParent, getType(urn), getName(urn)));
	}
	return renamed;
}

function readScope(urn: string): { readonly stack: string; readonly project: string } {
	const [prefix = "", project = ""] = urn.split("::");
	return { stack: prefix.split(":")[2] ?? "", project };
}

function fixProviderReference(reference: string, fixUrn: (urn: string) => string): string {
	if (reference === "") return "";
	const { urn, id } = parseReference(reference);
	return formatProviderReference(fixUrn(urn), id);
}
