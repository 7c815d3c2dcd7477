import type { CustomTimeouts, ResourceState } from "../state/resourceState.ts";
import type { Step } from "../steps/step.ts";
import type { Path } from "../values/path.ts";
import type { PropertyMap, Value } from "../values/value.ts";

/** A former name of a resource: a whole URN, or the parts that differ (sdk/go/common/resource/alias.go). */
export interface Alias {
	readonly urn?: string;
	readonly name?: string;
	readonly type?: string;
	readonly stack?: string;
	readonly project?: string;
	readonly parent?: string;
	readonly noParent?: boolean;
}

/** The declared state of a resource (pkg/resource/goal.go). */
export interface Goal {
	readonly type: string;
	readonly name: string;
	readonly custom: boolean;
	readonly properties: PropertyMap;
	readonly parent: string;
	readonly protect: boolean | undefined;
	readonly dependencies: readonly string[];
	readonly provider: string;
	readonly propertyDependencies: Readonly<Record<string, readonly string[]>> | undefined;
	readonly deleteBeforeReplace: boolean | undefined;
	readonly ignoreChanges: readonly string[];
	readonly additionalSecretOutputs: readonly string[];
	readonly aliases: readonly Alias[];
	readonly customTimeouts: CustomTimeouts;
	readonly replaceOnChanges: readonly string[];
	readonly replacementTrigger: Value;
	readonly retainOnDelete: boolean | undefined;
	readonly deletedWith: string;
	readonly replaceWith: readonly string[];
	readonly hideDiff: readonly Path[];
	readonly sourcePosition: string;
	readonly stackTrace: readonly { readonly sourcePosition?: string }[];
}

/** The result of a registration for the program. */
export interface Registered {
	readonly state: ResourceState;
	readonly result: "success" | "failed" | "skipped";
	/** True for a resource that is not created because it is not a target. */
	readonly unknown?: boolean;
}

/** A resource that the program registered; `done` lets the program continue. */
export interface RegisterEvent {
	readonly kind: "register";
	readonly goal: Goal;
	readonly done: (result: Registered) => void;
}

/** The outputs of a component or of the stack. */
export interface OutputsEvent {
	readonly kind: "outputs";
	readonly urn: string;
	readonly outputs: PropertyMap;
	readonly done: () => void;
}

/** A resource that the program reads by its id (`X.get`). */
export interface ReadEvent {
	readonly kind: "read";
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly provider: string;
	readonly parent: string;
	readonly properties: PropertyMap;
	readonly dependencies: readonly string[];
	readonly additionalSecretOutputs: readonly string[];
	readonly sourcePosition: string;
	readonly stackTrace: readonly { readonly sourcePosition?: string }[];
	readonly done: (result: Registered) => void;
}

/** A registration that waited for its resource to be read, and continues now. */
export interface ContinueEvent {
	readonly kind: "continue";
	readonly urn: string;
	readonly steps: () => Promise<Step[]>;
}

/** A request of the program to the engine, or a continuation of one. */
export type SourceEvent = RegisterEvent | OutputsEvent | ReadEvent | ContinueEvent;
