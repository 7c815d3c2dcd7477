import { GraphError } from "./graphError.ts";
import type { AutopilotSwitches } from "./switches.ts";

/**
 * Writes of one application within a time, as Intune limits device enrollment ("Microsoft Graph service-specific throttling
 * limits"). What is refused does not count.
 */
export class WriteLimiter {
	readonly #switches: AutopilotSwitches;
	readonly #admitted = new Map<string, number[]>();

	constructor(switches: AutopilotSwitches) {
		this.#switches = switches;
	}

	/** Counts a write, or throws 429. */
	admit(application: string, now: number): void {
		const { writeLimit, writeWindow, writeRetryAfter } = this.#switches;
		const recent = (this.#admitted.get(application) ?? []).filter((at) => at > now - writeWindow);
		this.#admitted.set(application, recent);
		if (writeLimit === 0 || recent.length < writeLimit) {
			recent.push(now);
			return;
		}
		const wait = Math.ceil(((recent[0] ?? now) + writeWindow - now) / 1000);
		throw new GraphError(429, "TooManyRequests", "Too many requests", {
			isNested: true,
			retryAfter: writeRetryAfter ? wait : undefined,
		});
	}
}
