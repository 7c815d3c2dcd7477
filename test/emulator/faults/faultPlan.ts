import { type Addressed, type Fault, type FaultAction, matches, requireSoundMatch } from "./fault.ts";

/** A planned fault and what became of it. */
export interface PlannedFault {
	readonly id: number;
	readonly fault: Fault;
	/** Requests that matched so far. */
	readonly matched: number;
	/** Requests that it happened to so far. */
	readonly happened: number;
}

/** The faults that are yet to come. */
export class FaultPlan {
	readonly #planned = new Map<number, { fault: Fault; matched: number; happened: number }>();
	#lastId = 0;

	/** Adds faults; their ids in the same order. */
	add(...faults: readonly Fault[]): number[] {
		for (const { match } of faults) requireSoundMatch(match);
		return faults.map((fault) => {
			this.#lastId += 1;
			this.#planned.set(this.#lastId, { fault, matched: 0, happened: 0 });
			return this.#lastId;
		});
	}

	/** All faults, the spent ones too. */
	list(): PlannedFault[] {
		return [...this.#planned].map(([id, { fault, matched, happened }]) => ({ id, fault, matched, happened }));
	}

	/** Takes one fault back; whether there was one. */
	remove(id: number): boolean {
		return this.#planned.delete(id);
	}

	/** Takes all faults back. */
	clear(): void {
		this.#planned.clear();
	}

	/** Counts a request and says what is to happen to it, in the order in which the faults were added. */
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
