import type { Path } from "../values/path.ts";
import type { PropertyMap, Value } from "../values/value.ts";

/** The timeouts of a provider's operations, in seconds. */
export interface CustomTimeouts {
	readonly create?: number;
	readonly update?: number;
	readonly delete?: number;
	readonly read?: number;
}

/**
 * One resource as the engine tracks it (pkg/resource/state.go). Two states may share a URN while one replaces the
 * other, so the object itself is the identity, and steps change it in place; its property maps are replaced, never
 * changed.
 */
export interface ResourceState {
	readonly urn: string;
	readonly type: string;
	readonly custom: boolean;
	delete: boolean;
	id: string;
	inputs: PropertyMap;
	outputs: PropertyMap | undefined;
	parent: string;
	protect: boolean;
	taint: boolean;
	external: boolean;
	dependencies: readonly string[];
	initErrors: readonly string[];
	provider: string;
	propertyDependencies: Readonly<Record<string, readonly string[]>> | undefined;
	pendingReplacement: boolean;
	additionalSecretOutputs: readonly string[];
	aliases: readonly string[];
	customTimeouts: CustomTimeouts;
	importID: string;
	retainOnDelete: boolean;
	deletedWith: string;
	replaceWith: readonly string[];
	replacementTrigger: Value;
	created: string | undefined;
	modified: string | undefined;
	sourcePosition: string;
	stackTrace: readonly { readonly sourcePosition?: string }[];
	ignoreChanges: readonly string[];
	hideDiff: readonly Path[];
	replaceOnChanges: readonly string[];
}

/** Creates a state with zero values for all fields except the given ones. */
export const makeState = (
	fields: Pick<ResourceState, "urn" | "type"> & Partial<ResourceState>,
): ResourceState => ({
	custom: true,
	delete: false,
	id: "",
	inputs: {},
	outputs: undefined,
	parent: "",
	protect: false,
	taint: false,
	external: false,
	dependencies: [],
	initErrors: [],
	provider: "",
	propertyDependencies: undefined,
	pendingReplacement: false,
	additionalSecretOutputs: [],
	aliases: [],
	customTimeouts: {},
	importID: "",
	retainOnDelete: false,
	deletedWith: "",
	replaceWith: [],
	replacementTrigger: null,
	created: undefined,
	modified: undefined,
	sourcePosition: "",
	stackTrace: [],
	ignoreChanges: [],
	hideDiff: [],
	replaceOnChanges: [],
	...fields,
});

/** Lists every URN that the resource depends on except its provider's, its parent first (`State.GetAllDependencies`). */
export const listDependencies = (state: ResourceState, withParent = true): string[] =>
	[
		...(withParent ? [state.parent] : []),
		...state.dependencies,
		...Object.values(state.propertyDependencies ?? {}).flat(),
		state.deletedWith,
		...state.replaceWith,
	].filter((urn) => urn !== "");
