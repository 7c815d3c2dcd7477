import type { OperationOptions, Outcome, ProjectSpec } from "../../engine.ts";
import type { EngineEvent } from "../../events/engineEvent.ts";

/** The operations that a stack has. */
export type Command = "preview" | "up" | "refresh" | "destroy";

/** What a process is to run. */
export interface Order {
	readonly project: ProjectSpec;
	readonly command: Command;
	/** Without what no message can carry. */
	readonly options: Omit<OperationOptions, "signal" | "onEvent">;
}

/** What the process says: what happens, and in the end what came of it. */
export type Report = { readonly event: EngineEvent } | { readonly outcome: Outcome };
