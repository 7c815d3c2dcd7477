import type { PendingOperation } from "../../deployment.ts";
import type { Op, StepMetadata, StepState } from "../../events/engineEvent.ts";
import type { ResourceState } from "../state/resourceState.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { isDefaultProvider } from "../urn.ts";
import { isList, isMap, mapEntries, type PropertyMap, Secret, Unknown, type Value } from "../values/value.ts";
import { UNKNOWN_TEXT } from "../values/wire.ts";

/** The result of a step that did not fail completely. */
export interface Applied {
	/**
	 * Set if the resource was created or changed but is not complete yet (an init error): it is kept in state, and is a
	 * failure.
	 */
	readonly failure?: Error;
}

/** One action on one resource (pkg/resource/deploy/step.go, `Step`). */
export interface Step {
	readonly op: Op;
	readonly urn: string;
	readonly type: string;
	readonly old: ResourceState | undefined;
	readonly new: ResourceState | undefined;
	/** Counts in the summary, and its resource may get outputs later. */
	readonly logical: boolean;
	readonly keys?: readonly string[];
	readonly detailedDiff?: Readonly<Record<string, unknown>> | undefined;
	/** For a refresh: its result. */
	readonly resultOp?: Op;
	/** The pending operation in the state file while the step runs. */
	readonly pending?: PendingOperation["type"];
	/** True for a step that does not count and that the display hides. */
	readonly uncounted?: boolean;
	/** True for a registration that is skipped because it is not a target. */
	readonly skippedCreate?: boolean;
	/** Carries out the step; in a preview only determines its result. */
	apply(): Promise<Applied>;
	/** Changes the state that will be written; returns whether it must be written now. */
	commit(snapshot: Snapshot): boolean;
	/** Lets the program continue. */
	complete?(): void;
	/** Informs a program that supports it that the step failed, or was skipped because an earlier one did. */
	settle?(result: "failed" | "skipped"): void;
}

/** Returns the state that a step is about. */
export const getSubject = (step: Step): ResourceState | undefined =>
	step.op === "refresh" || step.new === undefined ? step.old : step.new;

/** Returns whether a step is hidden (pkg/engine/update.go, `isInternalStep`). */
export const isInternal = (step: Step): boolean =>
	step.op === "remove-pending-replace" || isDefaultProvider(step.urn);

/** Returns the step's metadata for events (pkg/engine/events.go, `makeStepEventMetadata`). */
export const createMetadata = (step: Step, op: Op = step.op): StepMetadata => ({
	op,
	urn: step.urn,
	type: step.type,
	old: toStepState(step.old),
	new: toStepState(step.new),
	...(step.keys === undefined ? {} : { keys: step.keys }),
	detailedDiff: step.detailedDiff ?? null,
	...(step.logical ? { logical: true } : {}),
});

const toStepState = (state: ResourceState | undefined): StepState | null =>
	state === undefined
		? null
		: {
				type: state.type,
				urn: state.urn,
				id: state.id,
				custom: state.custom,
				protect: state.protect,
				provider: state.provider,
				inputs: hideSecretsInMap(state.inputs),
				outputs: state.outputs === undefined ? null : hideSecretsInMap(state.outputs),
			};

const hideSecretsInMap = (map: PropertyMap): PropertyMap => mapEntries(map, hideSecrets);

function hideSecrets(value: Value): Value {
	if (value instanceof Secret) return "[secret]";
	if (value instanceof Unknown) return UNKNOWN_TEXT;
	if (isList(value)) return value.map(hideSecrets);
	return isMap(value) ? hideSecretsInMap(value) : value;
}

/** Thrown by a step that may fail without stopping the others: one that would delete a protected resource. */
export class HarmlessFailure extends Error {}
