import type { Control } from "../control.ts";

/** A request to the control, taken apart. */
export interface ControlAsk {
	readonly control: Control;
	/** The body's JSON, undefined for none. */
	readonly body: unknown;
	/** The name in the path, decoded; "" where the path has none. */
	readonly name: string;
	/** The query's parameters. */
	readonly query: Readonly<Record<string, string>>;
}

/** Something that can be done over HTTP. */
export interface ControlCommand {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** The path with at most one placeholder. */
	readonly path: string;
	/** One line for the help. */
	readonly help: string;
	/** Does it; what it returns is the answer, nothing is `{"done":true}`. */
	readonly run: (ask: ControlAsk) => unknown;
}
