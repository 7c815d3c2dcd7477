import type { Deployment } from "./deployment.ts";
import type { EngineEvent, Op, Severity } from "./events/engineEvent.ts";

/** A configuration value, in plain text or encrypted. */
export type ConfigValue = string | { readonly secret: string };

/** A Pulumi project and one of its stacks. */
export interface ProjectSpec {
	/** The folder with Pulumi.yaml; its `name`, `runtime` and `main` (a folder or a file) are used. */
	readonly root: string;
	/** Default: "dev". */
	readonly stack?: string;
	/** Keys without a namespace belong to the project. */
	readonly config?: Readonly<Record<string, ConfigValue>>;
	/** Added to the environment of the program and of the provider. */
	readonly env?: Readonly<Record<string, string>>;
	/** The folder of the stack's state between openings. Default: a temporary folder that {@link Stack.dispose} removes. */
	readonly stateDir?: string;
	/** The passphrase for secrets in state and configuration. */
	readonly passphrase?: string;
}

/** The options of an operation: the CLI's flags of the same names. */
export interface OperationOptions {
	/** Reads every resource first. */
	readonly refresh?: boolean;
	/** Ends with {@link EXIT_CHANGES} if anything changes. */
	readonly expectNoChanges?: boolean;
	/** For a refresh or destroy: plan only, change nothing. */
	readonly previewOnly?: boolean;
	/** How many steps may run in parallel. Default: four times the number of processors. */
	readonly parallel?: number;
	/** The URNs to work on. Default: all. */
	readonly target?: readonly string[];
	/** Includes what depends on a target. */
	readonly targetDependents?: boolean;
	/** The URNs to exclude; cannot be used with `target`. */
	readonly exclude?: readonly string[];
	/** Excludes what depends on an excluded resource, too; not for `destroy`. */
	readonly excludeDependents?: boolean;
	/** The URNs to replace whatever their providers say; for `preview` and `up`. */
	readonly replace?: readonly string[];
	/** Each URN is a target and is replaced; for `preview` and `up`. */
	readonly targetReplace?: readonly string[];
	/**
	 * Runs the program so that providers get today's configuration; for `refresh`, `destroy`, and `preview` and `up`
	 * with `refresh`. Without it they get the configuration in state.
	 */
	readonly runProgram?: boolean;
	/** Default: true. `up` and `destroy` run without a preview, as with `--yes --skip-preview`. */
	readonly skipPreview?: boolean;
	/** Shows every difference in full. The stand-in does not have this display. */
	readonly diff?: boolean;
	/** Prints engine events as JSON, with the SDK's debug messages. The stand-in does not have this display. */
	readonly json?: boolean;
	/** Prints debug messages. The stand-in does not have this display. */
	readonly debug?: boolean;
	/** For `preview`: the file to save an update plan to. The stand-in has no update plans. */
	readonly savePlan?: string;
	/** For `up`: the file of the update plan to stay within. The stand-in has no update plans. */
	readonly plan?: string;
	/** Continues after a failure with resources that do not depend on the failed one. */
	readonly continueOnError?: boolean;
	/** False writes the state only once, at the end, as PULUMI_SKIP_CHECKPOINTS does. */
	readonly checkpoints?: boolean;
	/** Added to the environment for this operation only. */
	readonly env?: Readonly<Record<string, string>>;
	/** Cancels as SIGINT does: steps in progress may finish, and no new one starts. */
	readonly signal?: AbortSignal;
	/** Called with every event as it occurs. */
	readonly onEvent?: (event: EngineEvent) => void;
}

/** One step, in the order in which steps started. Default providers are not included. */
export interface Operation {
	readonly op: Op;
	readonly urn: string;
	readonly name: string;
	readonly type: string;
	/** For a refresh by `refresh`: the result, "same", "update" or "delete". */
	readonly result?: Op;
	/** The inputs that differ between old and new, as the display's `[diff: …]` names them. */
	readonly diffs?: readonly string[];
	/** The properties that require a replacement. */
	readonly replaceKeys?: readonly string[];
	/** "unfinished" if the operation was cut off while the step ran. */
	readonly status: "done" | "failed" | "unfinished";
}

/** A line of the "Diagnostics" block. */
export interface Diagnostic {
	readonly severity: Severity;
	readonly message: string;
	readonly urn?: string;
}

/** The result of an operation. */
export interface Outcome {
	/** 0, or the exit code of the CLI: {@link EXIT_FAILED}, {@link EXIT_CHANGES}, … */
	readonly exitCode: number;
	readonly operations: readonly Operation[];
	/** How many resources each kind of step affected, as in the summary. */
	readonly changes: Readonly<Record<string, number>>;
	readonly diagnostics: readonly Diagnostic[];
	/** The stack's outputs as displayed: secrets are "[secret]". {@link Stack.outputs} can return them. */
	readonly outputs: Readonly<Record<string, unknown>>;
	/** What a person would see, in plain text. */
	readonly output: string;
	readonly stdout: string;
	readonly stderr: string;
	/** The peak memory of the provider's process in bytes, if /proc exists. */
	readonly providerPeakMemory?: number;
	/** The peak memory of the program's process in bytes, if /proc exists. */
	readonly programPeakMemory?: number;
}

/** A stack of a project. It runs one operation at a time. */
export interface Stack {
	preview(options?: OperationOptions): Promise<Outcome>;
	up(options?: OperationOptions): Promise<Outcome>;
	refresh(options?: OperationOptions): Promise<Outcome>;
	destroy(options?: OperationOptions): Promise<Outcome>;
	/** Returns the state as `pulumi stack export` writes it, with encrypted secrets. */
	exportState(): Promise<Deployment>;
	/**
	 * Replaces the state; it may come from either engine, with the same passphrase. Pending operations are dropped
	 * (pkg/cmd/pulumi/stack/io.go).
	 */
	importState(state: Deployment): Promise<void>;
	setConfig(key: string, value: ConfigValue): Promise<void>;
	removeConfig(key: string): Promise<void>;
	/** Marks resources in state so that the next `up` replaces them, as `pulumi state taint` does. */
	taint(...urns: readonly string[]): Promise<void>;
	/** Removes the lock that a killed engine left, as `pulumi cancel` does; the stand-in has none. */
	unlock(): Promise<void>;
	/** Returns the stack's outputs in state; secrets are "[secret]" unless requested. */
	outputs(options?: { readonly showSecrets?: boolean }): Promise<Record<string, unknown>>;
	/** Removes the folders that were created for the stack, but not its resources. */
	dispose(): Promise<void>;
}

/** An engine that can run Pulumi programs. */
export interface Engine {
	readonly name: "pulumi" | "stand-in";
	readonly version: string;
	open(project: ProjectSpec): Promise<Stack>;
}

/** The exit code of an operation that failed or was cancelled (sdk/go/common/util/cmdutil/exit.go). */
export const EXIT_FAILED = 1;
/** The exit code of an operation that changed something with `expectNoChanges`. */
export const EXIT_CHANGES = 7;
