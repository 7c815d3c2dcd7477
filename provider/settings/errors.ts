/** A setting that is missing, malformed or at odds with another one. Found before any request is sent. */
export class ConfigurationError extends Error {
	override readonly name = "ConfigurationError";
	readonly code = "ConfigurationError";
	/** The configuration key: `iothub:connectionString`. */
	readonly key: string;

	/** @param problem what is wrong with it and what to do, as the rest of a sentence that begins with the key */
	constructor(key: string, problem: string) {
		super(`${key} ${problem}`);
		this.key = key;
	}
}
