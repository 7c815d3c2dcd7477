import type { ResourceState } from "../state/resourceState.ts";
import type { Step } from "./step.ts";

/** Announces a replacement; its create and delete are separate steps (`ReplaceStep`). */
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

/** Removes a resource from state that was deleted for a replacement but is no longer declared (`RemovePendingReplaceStep`). */
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
