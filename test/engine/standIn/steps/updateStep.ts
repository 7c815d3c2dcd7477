import type { Deployment } from "../deploy/deployment.ts";
import type { Registered } from "../deploy/goal.ts";
import { InitError } from "../provider/providerError.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { isProviderType } from "../urn.ts";
import { annotateSecrets } from "../values/value.ts";
import type { Applied, Step } from "./step.ts";

/** Changes a resource in place (pkg/resource/deploy/step.go, `UpdateStep`). */
export const updateStep = (
	deployment: Deployment,
	done: (result: Registered) => void,
	{
		old,
		state,
		detailedDiff,
	}: {
		readonly old: ResourceState;
		readonly state: ResourceState;
		readonly detailedDiff?: Readonly<Record<string, unknown>> | undefined;
	},
): Step => ({
	op: "update",
	urn: state.urn,
	type: state.type,
	old,
	new: state,
	logical: true,
	...(detailedDiff === undefined ? {} : { detailedDiff }),
	pending: "updating",
	apply: async () => {
		const { id, created, modified } = old;
		Object.assign(state, { id, created, modified });
		if (!state.custom) return {};
		const applied = await update(deployment, old, state);
		state.modified = new Date().toISOString();
		return applied;
	},
	commit: (snapshot) => {
		snapshot.drop(old);
		snapshot.add(state);
		return true;
	},
	complete: () => done({ state, result: "success" }),
	settle: (result) => done({ state, result }),
});

async function update(deployment: Deployment, old: ResourceState, state: ResourceState): Promise<Applied> {
	if (isProviderType(state.type)) {
		await deployment.providers.configure(state.urn, state.id, state.inputs);
		const { __internal: _, ...outputs } = state.inputs;
		state.outputs = outputs;
		return {};
	}
	if (deployment.options.dryRun) {
		state.outputs = state.inputs;
		return {};
	}
	const provider = await deployment.provider(state.provider);
	try {
		const olds = { inputs: old.inputs, outputs: old.outputs ?? {} };
		state.outputs = await provider.update(state, olds, state.inputs, state.customTimeouts.update ?? 0);
		return {};
	} catch (failure) {
		if (!(failure instanceof InitError)) throw failure;
		state.initErrors = failure.reasons;
		state.outputs = annotateSecrets(failure.properties, state.inputs);
		return { failure };
	}
}
