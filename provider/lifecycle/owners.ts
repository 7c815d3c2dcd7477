/**
 * Which objects the resources of this process hold, so that two of them never take one object for theirs: a device that two
 * fleets declare, or a fleet and a resource of its own.
 */
export class Owners {
	readonly #kept = new Set<string>();
	readonly #takenOver = new Set<string>();

	/** A plan keeps the object that a resource has in state. */
	keep(key: string): void {
		this.#kept.add(key);
	}

	/** A resource begins to make the object. Answers whether no other one has it. */
	begin(key: string): boolean {
		if (this.#kept.has(key)) return false;
		this.#kept.add(key);
		return true;
	}

	/** The object that a resource was to make was there, and it took that over. */
	takeOver(key: string): void {
		this.#takenOver.add(key);
	}

	/** Whether a resource of this process took over an object that was there: another one that leaves it must not delete it. */
	isTakenOver(key: string): boolean {
		return this.#takenOver.has(key);
	}

	/** The object is gone, or was not made after all. */
	release(key: string): void {
		this.#kept.delete(key);
		this.#takenOver.delete(key);
	}
}
