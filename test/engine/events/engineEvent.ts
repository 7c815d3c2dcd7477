/** What a step does to a resource (sdk/go/common/apitype/events.go, `OpType`). */
export type Op =
	| "same"
	| "create"
	| "update"
	| "delete"
	| "replace"
	| "create-replacement"
	| "delete-replaced"
	| "read"
	| "read-replacement"
	| "refresh"
	| "discard"
	| "discard-replaced"
	| "remove-pending-replace";

/** How loud a diagnostic is; `info#err` is what a program or provider wrote to its standard error. */
export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** One side of a step, secrets blanked. */
export interface StepState {
	readonly type: string;
	readonly urn: string;
	readonly id: string;
	readonly custom?: boolean;
	readonly protect?: boolean;
	readonly provider: string;
	readonly inputs: { readonly [name: string]: unknown } | null;
	readonly outputs: { readonly [name: string]: unknown } | null;
}

/** A step as events tell of it. */
export interface StepMetadata {
	readonly op: Op;
	readonly urn: string;
	readonly type: string;
	readonly old: StepState | null;
	readonly new: StepState | null;
	/** The properties that make a replacement necessary. */
	readonly keys?: readonly string[];
	/** The properties that the provider says changed. */
	readonly diffs?: readonly string[];
	readonly detailedDiff?: { readonly [path: string]: unknown } | null;
	readonly logical?: boolean;
}

/** One line of what is shown under "Diagnostics". */
export interface DiagnosticEvent {
	readonly urn?: string;
	readonly prefix?: string;
	readonly message: string;
	readonly severity: Severity;
	readonly streamID?: number;
	readonly ephemeral?: boolean;
}

/** What an engine tells while an operation runs: the subset of the CLI's event log that both engines write. */
export interface EngineEvent {
	readonly sequence: number;
	readonly timestamp: number;
	/** An operation starts; `pulumi up` without `--skip-preview` has two. */
	readonly preludeEvent?: object;
	/** A step starts. */
	readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
	/** A step ended, or a component got its outputs. */
	readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
	/** A step failed; a diagnostic says why. */
	readonly resOpFailedEvent?: { readonly metadata: StepMetadata; readonly status: number };
	readonly diagnosticEvent?: DiagnosticEvent;
	/** The operation ended. */
	readonly summaryEvent?: {
		readonly resourceChanges: { readonly [op: string]: number } | null;
		readonly durationSeconds: number;
	};
}
