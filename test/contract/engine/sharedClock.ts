import type { Clock } from "../../../provider/http/clock.ts";
import type { Control } from "../../emulator/emulator.ts";

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/**
 * The service's own clock, for operations that run at the same time: as soon as all of them sleep it is the moment at
 * which the first one wakes. An operation that waits for an answer holds the time.
 */
export class SharedClock implements Clock {
	readonly #service: Control["clock"];
	readonly #sleepers: Sleeper[] = [];
	#running = 0;

	constructor(service: Control["clock"]) {
		this.#service = service;
	}

	readonly now = (): number => this.#service.now();

	readonly random = (): number => 0.5;

	readonly sleep = (milliseconds: number): Promise<void> => {
		if (milliseconds <= 0) return Promise.resolve();
		return new Promise((wake) => {
			this.#sleepers.push({ until: this.now() + milliseconds, wake });
			this.#pass();
		});
	};

	/** Runs operations at the same time. */
	async together(works: readonly (() => Promise<unknown>)[]): Promise<void> {
		this.#running = works.length;
		await Promise.all(works.map((work) => this.#run(work)));
	}

	async #run(work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
		} finally {
			this.#running -= 1;
			this.#pass();
		}
	}

	#pass(): void {
		if (this.#sleepers.length === 0 || this.#sleepers.length < this.#running) return;
		this.#sleepers.sort((one, other) => one.until - other.until);
		const first = this.#sleepers.shift();
		if (first === undefined) return;
		this.#service.advance(Math.max(0, first.until - this.now()));
		first.wake();
	}
}
