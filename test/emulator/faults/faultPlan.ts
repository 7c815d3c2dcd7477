import { type Addressed, type Fault, type FaultAction, matches, requireSoundMatch } from "./fault.ts";

/** A planned fault and how often it occurred. */
export interface PlannedFault {
	readonly id: number;
	readonly fault: Fault;
	/** The number of matching requests so far. */
	readonly matched: number;
	/** The number of affected requests so far. */
	readonly happened: number;
}

/** The planned faults. */
export class FaultPlan {
	readonly #planned = new Map<number, { fault: Fault; matched: number; happened: number }>();
	#lastId = 0;

	/** Adds faults and returns their ids in the same order. */
	add(...faults: readonly Fault[]): number[] {
		for (const { match } of faults) requireSoundMatch(match);
		return faults.map((fault) => {
			this.#lastId += 1;
			this.#planned.set(this.#lastId, { fault, matched: 0, happened: 0 });
			return this.#lastId;
		});
	}

	/** Returns all faults, including those that are over. */
	list(): PlannedFault[] {
		return [...this.#planned].map(([id, { fault, matched, happened }]) => ({ id, fault, matched, happened }));
	}

	/** Removes a fault. Returns false if it does not exist. */
	remove(id: number): boolean {
		return this.#planned.delete(id);
	}

	/** Removes all faults. */
	clear(): void {
		this.#planned.clear();
	}

	/** Counts a request and returns the faults that affect it, in the order in which they were added. */
	take(request: Addressed): FaultAction[] {
		const hit = [...this.#planned.values()].filter(({ fault }) => matches(fault.match, request));
		for (const planned of hit) planned.matched += 1;
		const due = hit.filter(({ fault: { nth = 1, times = 1 }, matched }) => {
			return matched >= nth && (times === "always" || matched < nth + times);
		});
		for (const planned of due) planned.happened += 1;
		return due.map(({ fault }) => fault.action);
	}
}
