import { isDeepStrictEqual } from "node:util";
import type { Diagnostic, Operation } from "../engine.ts";
import type { EngineEvent, StepMetadata, StepState } from "./engineEvent.ts";

/** The totals of an operation's events. */
export interface Collected {
	readonly operations: readonly Operation[];
	readonly changes: Readonly<Record<string, number>>;
	readonly diagnostics: readonly Diagnostic[];
	readonly outputs: Readonly<Record<string, unknown>>;
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const STACK_TYPE = "pulumi:pulumi:Stack";

type Draft = { -readonly [Name in keyof Operation]: Operation[Name] } & { custom: boolean };

/** Combines the events of the last operation of a run into its outcome; a preview before an update is left out. */
export function collect(events: readonly EngineEvent[]): Collected {
	const last = events.slice(
		Math.max(
			0,
			events.findLastIndex((event) => event.preludeEvent !== undefined),
		),
	);
	const drafts: Draft[] = [];
	for (const event of last) follow(drafts, event);
	const diagnostics = last.flatMap(toDiagnostic);
	return {
		operations: drafts.filter((draft) => !isUnread(draft)).map((draft) => settle(draft, diagnostics)),
		changes: last.findLast((event) => event.summaryEvent)?.summaryEvent?.resourceChanges ?? {},
		diagnostics,
		outputs: readStackOutputs(last),
	};
}

function follow(drafts: Draft[], event: EngineEvent): void {
	const { resourcePreEvent: started, resOutputsEvent: ended, resOpFailedEvent: failed } = event;
	if (started !== undefined && !isInternal(started.metadata)) drafts.push(createDraft(started.metadata));
	if (failed !== undefined) finish(drafts, failed.metadata, "failed");
	if (ended !== undefined) finish(drafts, ended.metadata, "done");
}

/**
 * Returns whether the display hides a step, such as one of a provider that the engine created itself (`isInternalStep`,
 * pkg/engine/update.go).
 */
const isInternal = ({ op, type, urn }: StepMetadata): boolean =>
	op === "remove-pending-replace" ||
	(type.startsWith("pulumi:providers:") && readName(urn).startsWith("default"));

/**
 * Returns whether a refresh step is that of a component, whose registration waits for it without any call. The display
 * hides it; the log shows it only by its result, which is "same" in every other refresh of a component
 * (`NewInternalRefreshStep`, pkg/resource/deploy/step.go).
 */
const isUnread = ({ op, custom, result }: Draft): boolean =>
	op === "refresh" && !custom && result === "update";

const readName = (urn: string): string => urn.split("::").slice(3).join("::");

function createDraft(step: StepMetadata): Draft {
	const { urn, type, op } = step;
	return {
		op,
		urn,
		type,
		name: readName(urn),
		status: "unfinished",
		custom: (step.new ?? step.old)?.custom === true && op !== "replace",
		...describeDiffs(step),
	};
}

function describeDiffs(step: StepMetadata): Pick<Operation, "diffs" | "replaceKeys"> {
	const diffs = step.op === "same" ? [] : listChangedInputs(step);
	const keys = step.keys ?? [];
	return {
		...(diffs.length === 0 ? {} : { diffs }),
		...(keys.length === 0 ? {} : { replaceKeys: [...keys].sort() }),
	};
}

/** Returns the names in the display's `[diff: …]` (pkg/backend/display/rows.go, `getDiffInfo`). */
function listChangedInputs(step: StepMetadata): string[] {
	if (step.old === null || step.new === null) return [];
	const named = Object.keys(step.detailedDiff ?? {}).map((path) => path.split(/[.[]/u)[0] ?? "");
	const names = named.length > 0 ? named : listChangedInputNames(step.old, step.new);
	return [...new Set(names)].sort();
}

function listChangedInputNames({ inputs: old }: StepState, { inputs: fresh }: StepState): string[] {
	const names = Object.keys({ ...old, ...fresh }).filter((name) => !name.startsWith("__"));
	return names.filter((name) => !isDeepStrictEqual(old?.[name] ?? null, fresh?.[name] ?? null));
}

function finish(drafts: Draft[], step: StepMetadata, status: Operation["status"]): void {
	const open = drafts.findLast(
		(draft) =>
			draft.urn === step.urn &&
			(draft.op === step.op || draft.op === "refresh") &&
			draft.status === "unfinished",
	);
	if (open === undefined) return;
	open.status = status;
	if (open.op === "refresh") Object.assign(open, describeDiffs(step), { result: step.op });
}

function settle({ custom, ...draft }: Draft, diagnostics: readonly Diagnostic[]): Operation {
	if (draft.status !== "unfinished") return draft;
	const failed = diagnostics.some(({ severity, urn }) => severity === "error" && urn === draft.urn);
	return { ...draft, status: failed ? "failed" : custom ? "unfinished" : "done" };
}

function toDiagnostic({ diagnosticEvent }: EngineEvent): Diagnostic[] {
	if (diagnosticEvent === undefined || diagnosticEvent.ephemeral === true) return [];
	const { urn, message, severity } = diagnosticEvent;
	if (severity === "debug" || message.trim() === "") return [];
	const text = message.replaceAll(/<\{%[^%]*%\}>/gu, "").trimEnd();
	return [{ severity, message: text, ...(urn === undefined || urn === "" ? {} : { urn }) }];
}

function readStackOutputs(events: readonly EngineEvent[]): Record<string, unknown> {
	const told = events.findLast(({ resOutputsEvent }) => resOutputsEvent?.metadata.type === STACK_TYPE);
	return toReadable({ ...told?.resOutputsEvent?.metadata.new?.outputs });
}

/** Formats secrets and unknowns as people see them. */
function toReadable<T extends object>(shown: T): T {
	return JSON.parse(JSON.stringify(shown), (_, value: unknown) => {
		if (value === UNKNOWN_TEXT) return "[unknown]";
		const fields = typeof value === "object" && value !== null ? new Map(Object.entries(value)) : new Map();
		return fields.get(SIGNATURE) === SECRET_SIGNATURE ? "[secret]" : value;
	});
}
