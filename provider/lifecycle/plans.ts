import type { Live } from "./kind.ts";

/** What a plan saw of an object: the object itself, or that it was untouched since the last deployment. */
export type Seen<Inputs> = Live<Inputs> | "untouched";

/**
 * What the plans of this process saw. An update writes under the etag that its own plan saw, so a change that
 * arrives after the plan makes the write fail rather than disappear.
 */
export class Plans<Inputs> {
	readonly #seen = new Map<string, Seen<Inputs>>();
	readonly #read = new Map<string, Seen<Inputs>>();
	readonly #gone = new Set<string>();
	readonly #reborn = new Set<string>();

	/** Keeps what a refresh read of the object: the plans of the same operation need not ask again. */
	refresh(key: string, seen: Seen<Inputs>): void {
		this.#read.set(key, seen);
	}

	/** What the refresh of this operation read, if there was one and nothing was written since. */
	refreshed(key: string): Seen<Inputs> | undefined {
		return this.#read.get(key);
	}

	/** Keeps what the plan for the object of this key saw. */
	remember(key: string, seen: Seen<Inputs>): void {
		this.#gone.delete(key);
		this.#seen.set(key, seen);
	}

	/** What the plan for the object of this key saw; it is not handed out. */
	seen(key: string): Seen<Inputs> | undefined {
		return this.#seen.get(key);
	}

	/** Keeps that the plan for the object of this key found none. */
	markGone(key: string): void {
		this.#gone.add(key);
	}

	/** Whether the plan for the object of this key found none. */
	isGone(key: string): boolean {
		return this.#gone.has(key);
	}

	/** Keeps that the plan for the object of this key found another one than the one that was deployed. */
	markReborn(key: string): void {
		this.#reborn.add(key);
	}

	/** Whether the plan for the object of this key found another one than the one that was deployed. */
	isReborn(key: string): boolean {
		return this.#reborn.has(key);
	}

	/** Hands out what the plan saw, once: after a write it is no longer true. */
	take(key: string): Seen<Inputs> | undefined {
		const seen = this.#seen.get(key);
		this.#seen.delete(key);
		this.#read.delete(key);
		return seen;
	}
}
