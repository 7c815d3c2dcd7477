import type { ResourceState } from "../state/resourceState.ts";
import type { Step } from "./step.ts";

/** Says that a resource is replaced; the creation and the deletion are steps of their own (`ReplaceStep`). */
export const replaceStep = (
	old: ResourceState,
	state: ResourceState,
	keys: readonly string[],
	detailedDiff?: Readonly<Record<string, unknown>>,
): Step => ({
	op: "replace",
	urn: state.urn,
	type: state.type,
	old,
	new: state,
	logical: true,
	keys,
	...(detailedDiff === undefined ? {} : { detailedDiff }),
	apply: async () => ({}),
	commit: () => false,
});

/** Forgets a resource that was deleted to be replaced, but is no longer wanted (`RemovePendingReplaceStep`). */
export const removePendingReplaceStep = (old: ResourceState): Step => ({
	op: "remove-pending-replace",
	urn: old.urn,
	type: old.type,
	old,
	new: undefined,
	logical: false,
	apply: async () => ({}),
	commit: (snapshot) => {
		snapshot.drop(old);
		return true;
	},
});
