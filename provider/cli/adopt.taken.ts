import type { LeftObject } from "../lifecycle/adopted.ts";
import type { Files } from "./writeFiles.ts";

/** What was taken over, ready to be written. */
export interface Taken {
	/** How many of what, and as what. */
	readonly what: string;
	readonly files: Files;
	/** What there is to know about it, in sentences. */
	readonly notes: readonly string[];
	/** What could not be taken over. */
	readonly left: readonly LeftObject[];
}
