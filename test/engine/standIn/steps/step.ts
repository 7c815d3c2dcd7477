import type { PendingOperation } from "../../deployment.ts";
import type { Op, StepMetadata, StepState } from "../../events/engineEvent.ts";
import type { ResourceState } from "../state/resourceState.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { isDefaultProvider } from "../urn.ts";
import { isList, isMap, mapEntries, type PropertyMap, Secret, Unknown, type Value } from "../values/value.ts";
import { UNKNOWN_TEXT } from "../values/wire.ts";

/** What came of applying a step that did not fail outright. */
export interface Applied {
	/** Set when the resource was made or changed but is not right yet (an init error): kept in state, and a failure. */
	readonly failure?: Error;
}

/** One thing done to one resource (pkg/resource/deploy/step.go, `Step`). */
export interface Step {
	readonly op: Op;
	readonly urn: string;
	readonly type: string;
	readonly old: ResourceState | undefined;
	readonly new: ResourceState | undefined;
	/** Counts towards the summary, and what it made may get outputs later. */
	readonly logical: boolean;
	readonly keys?: readonly string[];
	readonly detailedDiff?: Readonly<Record<string, unknown>> | undefined;
	/** For a refresh: what it found. */
	readonly resultOp?: Op;
	/** What the state file says while the step runs. */
	readonly pending?: PendingOperation["type"];
	/** True for a step that does not count, and that the display hides. */
	readonly uncounted?: boolean;
	/** True for a registration that is left out because it is no target. */
	readonly skippedCreate?: boolean;
	/** Does it, or in a preview says what it would come to. */
	apply(): Promise<Applied>;
	/** Changes the state that will be written; answers whether it must be written now. */
	commit(snapshot: Snapshot): boolean;
	/** Lets the program go on. */
	complete?(): void;
	/** Tells a program that can hear it that the step failed, or was left out because one before it did. */
	settle?(result: "failed" | "skipped"): void;
}

/** The state that a step is about. */
export const getSubject = (step: Step): ResourceState | undefined =>
	step.op === "refresh" || step.new === undefined ? step.old : step.new;

/** Steps that are told to nobody (pkg/engine/update.go, `isInternalStep`). */
export const isInternal = (step: Step): boolean =>
	step.op === "remove-pending-replace" || isDefaultProvider(step.urn);

/** The step as events tell of it (pkg/engine/events.go, `makeStepEventMetadata`). */
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

/** Thrown by a step that may fail without stopping the others: one that would delete what is protected. */
export class HarmlessFailure extends Error {}
