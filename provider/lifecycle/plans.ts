import type { Live } from "./kind.ts";

/** What a plan saw of an object: the object itself, or that it was untouched since the last deployment. */
export type Seen<Inputs> = Live<Inputs> | "untouched";

/**
 * What the plans of this process saw. An update writes under the etag that its own plan saw, so a change that
 * arrives after the plan makes the write fail rather than disappear.
 */
export class Plans<Inputs> {
	readonly #seen = new Map<string, Seen<Inputs>>();

	/** Keeps what the plan for the object of this key saw. */
	remember(key: string, seen: Seen<Inputs>): void {
		this.#seen.set(key, seen);
	}

	/** Hands out what the plan saw, once: after a write it is no longer true. */
	take(key: string): Seen<Inputs> | undefined {
		const seen = this.#seen.get(key);
		this.#seen.delete(key);
		return seen;
	}
}
