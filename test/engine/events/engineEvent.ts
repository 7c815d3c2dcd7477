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

/** The severity of a diagnostic; `info#err` is what a program or provider wrote to standard error. */
export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** One side of a step, without secrets. */
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

/** The metadata of a step in events. */
export interface StepMetadata {
	readonly op: Op;
	readonly urn: string;
	readonly type: string;
	readonly old: StepState | null;
	readonly new: StepState | null;
	/** The properties that require a replacement. */
	readonly keys?: readonly string[];
	/** The properties that changed according to the provider. */
	readonly diffs?: readonly string[];
	readonly detailedDiff?: { readonly [path: string]: unknown } | null;
	readonly logical?: boolean;
}

/** One line of the "Diagnostics" block. */
export interface DiagnosticEvent {
	readonly urn?: string;
	readonly prefix?: string;
	readonly message: string;
	readonly severity: Severity;
	readonly streamID?: number;
	readonly ephemeral?: boolean;
}

/** An event of an operation: the subset of the CLI's event log that both engines write. */
export interface EngineEvent {
	readonly sequence: number;
	readonly timestamp: number;
	/** An operation starts; `pulumi up` without `--skip-preview` has two. */
	readonly preludeEvent?: object;
	/** A step starts. */
	readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
	/** A step ended, or a component got its outputs. */
	readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
	/** A step failed; a diagnostic gives the reason. */
	readonly resOpFailedEvent?: { readonly metadata: StepMetadata; readonly status: number };
	readonly diagnosticEvent?: DiagnosticEvent;
	/** The operation ended. */
	readonly summaryEvent?: {
		readonly resourceChanges: { readonly [op: string]: number } | null;
		readonly durationSeconds: number;
	};
}
