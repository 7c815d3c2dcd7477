import type { LiveObject } from "./resourceType.ts";

/** What a plan or refresh observed: the object, or that its etag is unchanged. */
export type ObservedObject<Inputs> = LiveObject<Inputs> | "unchanged";

/**
 * Caches what the plans of this process observed. An update writes under the etag that its plan observed, so a change after the plan
 * makes the write fail instead of being overwritten.
 */
export class PlanCache<Inputs> {
	readonly #planned = new Map<string, ObservedObject<Inputs>>();
	readonly #refreshed = new Map<string, ObservedObject<Inputs>>();
	readonly #missing = new Set<string>();
	readonly #recreated = new Set<string>();
	readonly #refreshedDrift = new Set<string>();

	/**
	 * Stores what a refresh observed, so that the plans of the same operation do not read again.
	 *
	 * @param hasDrift whether the object was changed, or created again, since the state that the refresh began with
	 */
	setRefresh(key: string, observed: ObservedObject<Inputs>, hasDrift: boolean): void {
		this.#refreshed.set(key, observed);
		if (hasDrift) this.#refreshedDrift.add(key);
		else this.#refreshedDrift.delete(key);
	}

	/** Whether the refresh of this operation found that the object was changed or created again. */
	hasRefreshedDrift(key: string): boolean {
		return this.#refreshedDrift.has(key);
	}

	/** Returns what the refresh of this operation observed; undefined if there was none, or if the object was written since. */
	getRefresh(key: string): ObservedObject<Inputs> | undefined {
		return this.#refreshed.get(key);
	}

	/** Stores what the plan for the object of this key observed. */
	setPlan(key: string, observed: ObservedObject<Inputs>): void {
		this.#missing.delete(key);
		this.#planned.set(key, observed);
	}

	/** Returns what the plan for the object of this key observed, without removing it. */
	peek(key: string): ObservedObject<Inputs> | undefined {
		return this.#planned.get(key);
	}

	/** Stores that the plan found no object of this key. */
	markMissing(key: string): void {
		this.#missing.add(key);
	}

	/** Whether the plan found no object of this key. */
	isMissing(key: string): boolean {
		return this.#missing.has(key);
	}

	/** Stores that the object of this key is not the deployed one. */
	markRecreated(key: string): void {
		this.#recreated.add(key);
	}

	/** Whether the plan found that the object of this key is not the deployed one. */
	isRecreated(key: string): boolean {
		return this.#recreated.has(key);
	}

	/** Returns what the plan observed, and removes it: after a write it is no longer true. */
	take(key: string): ObservedObject<Inputs> | undefined {
		const observed = this.#planned.get(key);
		this.#planned.delete(key);
		this.#refreshed.delete(key);
		return observed;
	}
}
