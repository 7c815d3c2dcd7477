import type { Deployment } from "../deploy/deployment.ts";
import type { Registered } from "../deploy/goal.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { areMapsEqual } from "../values/value.ts";
import { UNKNOWN_TEXT } from "../values/wire.ts";
import type { Step } from "./step.ts";

/**
 * Reads a resource that somebody else owns (pkg/resource/deploy/step.go, `ReadStep`), in previews too, unless the id is
 * not known yet.
 */
export const readStep = (
	deployment: Deployment,
	done: (result: Registered) => void,
	{
		old,
		state,
		replacing,
	}: {
		readonly old: ResourceState | undefined;
		readonly state: ResourceState;
		readonly replacing: boolean;
	},
): Step => ({
	op: replacing ? "read-replacement" : "read",
	urn: state.urn,
	type: state.type,
	old,
	new: state,
	logical: !replacing,
	pending: "reading",
	apply: async () => {
		await read(deployment, state);
		if (replacing && old !== undefined) old.delete = true;
		if (old !== undefined) setTimestamps(old, state);
		return {};
	},
	commit: (snapshot) => {
		if (old !== undefined) snapshot.drop(old);
		snapshot.add(state);
		return true;
	},
	complete: () => done({ state, result: "success" }),
	settle: (result) => done({ state, result }),
});

async function read(deployment: Deployment, state: ResourceState): Promise<void> {
	if (state.id === UNKNOWN_TEXT) {
		state.outputs = {};
		return;
	}
	const provider = await deployment.provider(state.provider);
	const found = await provider.read(state, state.inputs, state.inputs, state.customTimeouts.read ?? 0);
	if (found.outputs === undefined) throw new Error(`resource '${state.id}' does not exist`);
	state.outputs = found.outputs;
	if (found.id !== "") state.id = found.id;
}

function setTimestamps(old: ResourceState, state: ResourceState): void {
	state.created = old.created;
	const changed =
		!areMapsEqual(state.inputs, old.inputs) || !areMapsEqual(state.outputs ?? {}, old.outputs ?? {});
	state.modified = changed ? new Date().toISOString() : old.modified;
}
