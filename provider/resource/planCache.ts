import type { LiveObject } from "./resourceType.ts";

/** What a plan saw of an object: the object itself, or that it was untouched since the last deployment. */
export type ObservedObject<Inputs> = LiveObject<Inputs> | "unchanged";

/**
 * What the plans of this process saw. An update writes under the etag that its own plan saw, so a change that
 * arrives after the plan makes the write fail rather than disappear.
 */
export class PlanCache<Inputs> {
	readonly #planned = new Map<string, ObservedObject<Inputs>>();
	readonly #refreshed = new Map<string, ObservedObject<Inputs>>();
	readonly #missing = new Set<string>();
	readonly #recreated = new Set<string>();

	/** Keeps what a refresh read of the object: the plans of the same operation need not ask again. */
	setRefresh(key: string, observed: ObservedObject<Inputs>): void {
		this.#refreshed.set(key, observed);
	}

	/** What the refresh of this operation read, if there was one and nothing was written since. */
	getRefresh(key: string): ObservedObject<Inputs> | undefined {
		return this.#refreshed.get(key);
	}

	/** Keeps what the plan for the object of this key saw. */
	setPlan(key: string, observed: ObservedObject<Inputs>): void {
		this.#missing.delete(key);
		this.#planned.set(key, observed);
	}

	/** What the plan for the object of this key saw; it is not handed out. */
	peek(key: string): ObservedObject<Inputs> | undefined {
		return this.#planned.get(key);
	}

	/** Keeps that the plan for the object of this key found none. */
	markMissing(key: string): void {
		this.#missing.add(key);
	}

	/** Whether the plan for the object of this key found none. */
	isMissing(key: string): boolean {
		return this.#missing.has(key);
	}

	/** Keeps that the plan for the object of this key found another one than the one that was deployed. */
	markRecreated(key: string): void {
		this.#recreated.add(key);
	}

	/** Whether the plan for the object of this key found another one than the one that was deployed. */
	isRecreated(key: string): boolean {
		return this.#recreated.has(key);
	}

	/** Hands out what the plan saw, once: after a write it is no longer true. */
	take(key: string): ObservedObject<Inputs> | undefined {
		const observed = this.#planned.get(key);
		this.#planned.delete(key);
		this.#refreshed.delete(key);
		return observed;
	}
}
