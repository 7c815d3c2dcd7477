import { formatWithCode } from "../lifecycle/errors.ts";
import { joinMessages } from "./told.ts";

/** Some members of a fleet could not be dealt with; the others were, and state knows which. */
export class FleetError extends Error {
	override readonly name = "FleetError";
	readonly code = "FleetError";
	/** What went wrong with each, by id. */
	readonly failed: ReadonlyMap<string, Error>;
	/** What was to be done. */
	readonly summary: string;

	/** @param what what was to be done, as the beginning of a sentence: `12 of 500 devices failed` */
	constructor(what: string, failed: ReadonlyMap<string, Error>) {
		const lines = [...failed].map(([id, error]) => `    ${id}: ${formatWithCode(error)}`);
		super(`${what}:\n${joinMessages(lines)}`, { cause: [...failed.values()][0] });
		this.failed = failed;
		this.summary = what;
	}
}
