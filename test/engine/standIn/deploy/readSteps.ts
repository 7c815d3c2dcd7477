import { makeState } from "../state/resourceState.ts";
import { readStep } from "../steps/readStep.ts";
import { replaceStep } from "../steps/replaceStep.ts";
import type { Step } from "../steps/step.ts";
import { findOld } from "./aliases.ts";
import { claimUrn } from "./claimUrn.ts";
import type { Deployment } from "./deployment.ts";
import type { ReadEvent } from "./goal.ts";
import type { Records } from "./records.ts";

/** The steps that answer `X.get` (pkg/resource/deploy/step_generator.go, `GenerateReadSteps`). */
export function readSteps(deployment: Deployment, records: Records, event: ReadEvent): Step[] {
	const { type, name, parent, id } = event;
	const urn = claimUrn(deployment, records, { type, name, parent });
	const { old } = findOld(deployment, records, { urn, name, type, parent, aliases: [] });
	if (id === "") throw new Error(`Expected an ID for ${urn}`);
	const state = makeState({
		urn,
		type,
		id,
		parent,
		inputs: event.properties,
		outputs: {},
		external: true,
		dependencies: event.dependencies,
		provider: event.provider,
		additionalSecretOutputs: event.additionalSecretOutputs,
		sourcePosition: event.sourcePosition,
		stackTrace: event.stackTrace,
	});
	if (old !== undefined && !old.external && old.id !== id) {
		records.replaces.add(urn);
		return [readStep(deployment, event.done, { old, state, replacing: true }), replaceStep(old, state, [])];
	}
	records.reads.add(urn);
	return [readStep(deployment, event.done, { old, state, replacing: false })];
}
