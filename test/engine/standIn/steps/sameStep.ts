import type { Deployment } from "../deploy/deployment.ts";
import type { Registered } from "../deploy/goal.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { isProviderType } from "../urn.ts";
import { areMapsEqual, isEqual } from "../values/value.ts";
import type { Step } from "./step.ts";

/** The reason why nothing is done to the resource. */
export type Sameness = "unchanged" | "untargeted" | "skipped create";

/** Keeps a resource as it is (pkg/resource/deploy/step.go, `SameStep`). */
export const createSameStep = (
	deployment: Deployment,
	done: ((result: Registered) => void) | undefined,
	{ old, state, why }: { readonly old: ResourceState; readonly state: ResourceState; readonly why: Sameness },
): Step => ({
	op: "same",
	urn: state.urn,
	type: state.type,
	old,
	new: state,
	logical: true,
	skippedCreate: why === "skipped create",
	apply: async () => {
		state.id = old.id;
		state.outputs = old.outputs;
		if (isProviderType(state.type) && why === "unchanged") {
			await deployment.providers.same(state.urn, state.id, old.inputs);
		}
		return {};
	},
	commit: (snapshot) => {
		snapshot.drop(old);
		if (why === "skipped create") return false;
		snapshot.add(state);
		return mustWrite(old, state);
	},
	complete: () => done?.({ state, result: "success", unknown: why === "skipped create" }),
	settle: (result) => done?.({ state, result }),
});

/** Returns whether an unchanged resource differs in values that only the engine keeps (pkg/backend/snapshot.go, `mustWrite`). */
const mustWrite = (old: ResourceState, state: ResourceState): boolean =>
	old.urn !== state.urn ||
	old.provider !== state.provider ||
	old.parent !== state.parent ||
	old.deletedWith !== state.deletedWith ||
	old.retainOnDelete !== state.retainOnDelete ||
	old.protect !== state.protect ||
	!hasSameItems(old.dependencies, state.dependencies) ||
	!hasSameItems(old.replaceWith, state.replaceWith) ||
	!isEqual(old.replacementTrigger, state.replacementTrigger) ||
	!areMapsEqual(old.inputs, state.inputs);

const hasSameItems = (left: readonly string[], right: readonly string[]): boolean =>
	[...left].sort().join() === [...right].sort().join();
