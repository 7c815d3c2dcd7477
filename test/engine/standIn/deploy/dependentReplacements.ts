import type { ResourceState } from "../state/resourceState.ts";
import { isProviderType, parseReference } from "../urn.ts";
import { type PropertyMap, UNKNOWN, type Value } from "../values/value.ts";
import type { Deployment } from "./deployment.ts";
import { applyReplaceOnChanges, diffResource, requiresReplace } from "./diff.ts";
import type { Records } from "./records.ts";

/** A resource that must be replaced because one of its dependencies is. */
export interface DependentReplacement {
	readonly state: ResourceState;
	readonly keys: readonly string[];
}

/**
 * Lists what must be deleted before a resource that is deleted first: its dependents that would be replaced if the
 * inputs from it changed, which the provider decides with those inputs unknown; and those bound to it by `deletedWith`
 * or `replaceWith` (pkg/resource/deploy/step_generator.go, `calculateDependentReplacements`).
 */
export async function listDependentReplacements(
	deployment: Deployment,
	records: Records,
	urn: string,
	root: ResourceState,
): Promise<DependentReplacement[]> {
	const found: DependentReplacement[] = [];
	const urns = new Set([root.urn]);
	for (const state of deployment.graph.listDependents(root, records.all(), false)) {
		const keys = await listReplaceKeys(deployment, state, urns);
		if (keys === undefined) continue;
		found.push({ state, keys });
		urns.add(state.urn);
	}
	return [...found, ...bound(deployment, urn)];
}

const bound = ({ news, olds }: Deployment, urn: string): DependentReplacement[] => {
	const states = new Map([...olds, ...news]);
	return [...states.values()]
		.filter((state) => state.replaceWith.includes(urn) || state.deletedWith === urn)
		.map((state) => ({ state, keys: [] }));
};

async function listReplaceKeys(
	deployment: Deployment,
	state: ResourceState,
	urns: ReadonlySet<string>,
): Promise<readonly string[] | undefined> {
	if (!state.custom || state.external) return undefined;
	if (state.provider !== "" && urns.has(parseReference(state.provider).urn)) return [];
	if (state.deletedWith !== "" && urns.has(state.deletedWith)) return [];
	const inputs = withUnknowns(state, urns);
	if (inputs === undefined || isProviderType(state.type)) return undefined;
	const provider = await deployment.provider(state.provider);
	const recorded = { urn: state.urn, id: state.id, inputs: state.inputs, outputs: state.outputs ?? {} };
	const plain = await diffResource(provider, recorded, inputs, true, state.ignoreChanges);
	const diff = applyReplaceOnChanges(plain, state.replaceOnChanges, false);
	return requiresReplace(diff) ? diff.replaceKeys : undefined;
}

function withUnknowns(state: ResourceState, urns: ReadonlySet<string>): PropertyMap | undefined {
	let leans = false;
	const entries = Object.entries(state.inputs).map(([name, value]): [string, Value] => {
		const changes = (state.propertyDependencies?.[name] ?? []).some((urn) => urns.has(urn));
		leans ||= changes;
		return [name, changes ? UNKNOWN : value];
	});
	return leans ? Object.fromEntries(entries) : undefined;
}
