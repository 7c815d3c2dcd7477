import { randomUUID } from "node:crypto";
import type { Deployment } from "../deploy/deployment.ts";
import type { Registered } from "../deploy/goal.ts";
import { InitError } from "../provider/providerError.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { isProviderType } from "../urn.ts";
import { annotateSecrets, type PropertyMap } from "../values/value.ts";
import { UNKNOWN_TEXT } from "../values/wire.ts";
import type { Applied, Step } from "./step.ts";

/** The additional data of a create that is part of a replacement. */
export interface Replacing {
	readonly old: ResourceState;
	readonly keys: readonly string[];
	readonly detailedDiff?: Readonly<Record<string, unknown>> | undefined;
	/** True if the old resource is deleted at the end of the operation, false if it is already deleted. */
	readonly pendingDelete: boolean;
}

/** Creates a resource, new or in place of an old one (pkg/resource/deploy/step.go, `CreateStep`). */
export function createStep(
	deployment: Deployment,
	done: (result: Registered) => void,
	state: ResourceState,
	replacing?: Replacing,
): Step {
	const old = replacing?.old;
	return {
		op: replacing === undefined ? "create" : "create-replacement",
		urn: state.urn,
		type: state.type,
		old,
		new: state,
		logical: replacing === undefined,
		...(replacing === undefined ? {} : { keys: replacing.keys }),
		...(replacing?.detailedDiff === undefined ? {} : { detailedDiff: replacing.detailedDiff }),
		pending: "creating",
		apply: async () => {
			const applied = await create(deployment, state);
			state.created = state.modified = new Date().toISOString();
			if (replacing?.pendingDelete === true) replacing.old.delete = true;
			return applied;
		},
		commit: (snapshot) => {
			snapshot.add(state);
			if (old?.pendingReplacement === true) snapshot.drop(old);
			return true;
		},
		complete: () => done({ state, result: "success" }),
		settle: (result) => done({ state, result }),
	};
}

async function create(deployment: Deployment, state: ResourceState): Promise<Applied> {
	const { dryRun } = deployment.options;
	if (isProviderType(state.type)) return createProvider(deployment, state);
	if (!state.custom) return keep(state, "", {});
	if (dryRun) return keep(state, "", state.inputs);
	const provider = await deployment.provider(state.provider);
	try {
		const made = await provider.create(state, state.inputs, state.customTimeouts.create ?? 0);
		return keep(state, made.id, made.outputs);
	} catch (failure) {
		if (!(failure instanceof InitError)) throw failure;
		state.initErrors = failure.reasons;
		keep(state, failure.id, annotateSecrets(failure.properties, state.inputs));
		return { failure };
	}
}

async function createProvider(deployment: Deployment, state: ResourceState): Promise<Applied> {
	const id = deployment.options.dryRun ? UNKNOWN_TEXT : randomUUID();
	await deployment.providers.configure(state.urn, id, state.inputs);
	const { __internal: _, ...outputs } = state.inputs;
	return keep(state, id, outputs);
}

function keep(state: ResourceState, id: string, outputs: PropertyMap): Applied {
	state.id = id;
	state.outputs = outputs;
	return {};
}
