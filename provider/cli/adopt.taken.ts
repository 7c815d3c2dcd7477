import type { SkippedObject } from "../lifecycle/adopted.ts";
import type { TextsByFileName } from "./writeFiles.ts";

/** What was taken over, ready to be written. */
export interface AdoptOutput {
	/** How many of what, and as what. */
	readonly summary: string;
	readonly files: TextsByFileName;
	/** What there is to know about it, in sentences. */
	readonly notes: readonly string[];
	/** What could not be taken over. */
	readonly skipped: readonly SkippedObject[];
}
