import type { Deployment } from "./deployment.ts";
import type { EngineEvent, Op, Severity } from "./events/engineEvent.ts";

/** A configuration value: plain, or kept encrypted. */
export type ConfigValue = string | { readonly secret: string };

/** A Pulumi project and the stack of it to work on. */
export interface ProjectSpec {
	/** The folder that holds Pulumi.yaml; its `name`, `runtime` and `main` (a folder or a file) are honoured. */
	readonly root: string;
	/** "dev" unless given. */
	readonly stack?: string;
	/** Keys without a namespace belong to the project. */
	readonly config?: Readonly<Record<string, ConfigValue>>;
	/** Added to the environment of the program and of the provider. */
	readonly env?: Readonly<Record<string, string>>;
	/** Where the stack's state lives between openings; a folder of its own that {@link Stack.dispose} removes. */
	readonly stateDir?: string;
	/** What secrets in state and configuration are encrypted with. */
	readonly passphrase?: string;
}

/** How to run an operation: the CLI's flags of the same names. */
export interface OperationOptions {
	/** Reads every resource first. */
	readonly refresh?: boolean;
	/** Ends with {@link EXIT_CHANGES} when anything changes. */
	readonly expectNoChanges?: boolean;
	/** For a refresh or destroy: plan only, change nothing. */
	readonly previewOnly?: boolean;
	/** How many steps may run at a time; four times the processors unless given. */
	readonly parallel?: number;
	/** The URNs to work on, all unless given. */
	readonly target?: readonly string[];
	/** Takes along what leans on a target. */
	readonly targetDependents?: boolean;
	/** The URNs to leave out; not together with `target`. */
	readonly exclude?: readonly string[];
	/** Leaves out what depends on an excluded resource, too; not for `destroy`. */
	readonly excludeDependents?: boolean;
	/** The URNs to replace whatever their providers say; for `preview` and `up`. */
	readonly replace?: readonly string[];
	/** Each URN is a target and is replaced; for `preview` and `up`. */
	readonly targetReplace?: readonly string[];
	/**
	 * Runs the program so that providers get the configuration of today; for `refresh`, `destroy`, and `preview` and `up` with
	 * `refresh`. Without it they get what state says that they were configured with.
	 */
	readonly runProgram?: boolean;
	/** True unless given: `up` and `destroy` go straight to work, as with `--yes --skip-preview`. */
	readonly skipPreview?: boolean;
	/** Shows every difference in full. The stand-in has no such display. */
	readonly diff?: boolean;
	/** Goes on after a failure with what does not lean on what failed. */
	readonly continueOnError?: boolean;
	/** False writes the state only once, at the end, as PULUMI_SKIP_CHECKPOINTS does. */
	readonly checkpoints?: boolean;
	/** Added to the environment for this operation only. */
	readonly env?: Readonly<Record<string, string>>;
	/** Cancels as SIGINT does: what is under way may end, nothing new starts. */
	readonly signal?: AbortSignal;
	/** Told of every event as it comes. */
	readonly onEvent?: (event: EngineEvent) => void;
}

/** One step, in the order in which steps started. Default providers are not told of. */
export interface Operation {
	readonly op: Op;
	readonly urn: string;
	readonly name: string;
	readonly type: string;
	/** For a refresh by `refresh`: what it found, "same", "update" or "delete". */
	readonly result?: Op;
	/** The inputs that differ between old and new, as the display's `[diff: …]` names them. */
	readonly diffs?: readonly string[];
	/** The properties that make a replacement necessary. */
	readonly replaceKeys?: readonly string[];
	/** "unfinished" when the operation was cut off while the step ran. */
	readonly status: "done" | "failed" | "unfinished";
}

/** A line of the "Diagnostics" block. */
export interface Diagnostic {
	readonly severity: Severity;
	readonly message: string;
	readonly urn?: string;
}

/** What came of an operation. */
export interface Outcome {
	/** 0, or what the CLI ends with: {@link EXIT_FAILED}, {@link EXIT_CHANGES}, … */
	readonly exitCode: number;
	readonly operations: readonly Operation[];
	/** How many resources each kind of step touched, as the summary counts them. */
	readonly changes: Readonly<Record<string, number>>;
	readonly diagnostics: readonly Diagnostic[];
	/** The stack's outputs as they are shown: secrets read "[secret]". {@link Stack.outputs} can tell them. */
	readonly outputs: Readonly<Record<string, unknown>>;
	/** What a person would have seen, in plain text. */
	readonly output: string;
	readonly stdout: string;
	readonly stderr: string;
	/** The most memory in bytes that the provider's process held, where /proc tells. */
	readonly providerPeakMemory?: number;
	/** The most memory in bytes that the program's process held, where /proc tells. */
	readonly programPeakMemory?: number;
}

/** A stack of a project, ready for operations, one at a time. */
export interface Stack {
	preview(options?: OperationOptions): Promise<Outcome>;
	up(options?: OperationOptions): Promise<Outcome>;
	refresh(options?: OperationOptions): Promise<Outcome>;
	destroy(options?: OperationOptions): Promise<Outcome>;
	/** The state as `pulumi stack export` writes it, secrets encrypted. */
	exportState(): Promise<Deployment>;
	/**
	 * Replaces the state; one that either engine exported will do, under the same passphrase. What it says was under way
	 * is forgotten (pkg/cmd/pulumi/stack/io.go).
	 */
	importState(state: Deployment): Promise<void>;
	setConfig(key: string, value: ConfigValue): Promise<void>;
	removeConfig(key: string): Promise<void>;
	/** Marks resources in state so that the next `up` replaces them, as `pulumi state taint` does. */
	taint(...urns: readonly string[]): Promise<void>;
	/** Takes away the lock that an engine left when it was killed, as `pulumi cancel` does; the stand-in has none. */
	unlock(): Promise<void>;
	/** The stack's outputs in state; secrets read "[secret]" unless asked for. */
	outputs(options?: { readonly showSecrets?: boolean }): Promise<Record<string, unknown>>;
	/** Removes the folders made for the stack, but never its resources. */
	dispose(): Promise<void>;
}

/** Something that can run Pulumi programs. */
export interface Engine {
	readonly name: "pulumi" | "stand-in";
	readonly version: string;
	open(project: ProjectSpec): Promise<Stack>;
}

/** The exit code of an operation that failed or was cancelled (sdk/go/common/util/cmdutil/exit.go). */
export const EXIT_FAILED = 1;
/** The exit code of an operation that changed something under `expectNoChanges`. */
export const EXIT_CHANGES = 7;
