import type { Clock } from "../http/clock.ts";

/** How long there is nothing to say, and how long nothing more after something was said, in milliseconds. */
const QUIET = 60_000;

/** What each sort of waiting is called, and what is known of how long it takes. */
const WORDS = {
	import: { one: "import", many: "imports", usual: "the service usually takes one to fifteen minutes" },
	deletion: { one: "deletion", many: "deletions", usual: "the service may take half an hour" },
} as const;

/** A sort of waiting. */
export type Waiting = keyof typeof WORDS;

/** Says how long operations go on, in one line for all of a sort and not more than one a minute. */
export class Progress {
	readonly #clock: Clock;
	readonly #say: (text: string) => void;
	readonly #since: Record<Waiting, Set<{ readonly began: number }>> = {
		import: new Set(),
		deletion: new Set(),
	};
	readonly #said: Record<Waiting, number> = { import: 0, deletion: 0 };

	constructor(clock: Clock, say: (text: string) => void) {
		this.#clock = clock;
		this.#say = say;
	}

	/** Does the work, which calls `tick` now and then while it waits. */
	async during<Result>(sort: Waiting, work: (tick: () => void) => Promise<Result>): Promise<Result> {
		const entry = { began: this.#clock.now() };
		this.#since[sort].add(entry);
		try {
			return await work(() => this.#tick(sort));
		} finally {
			this.#since[sort].delete(entry);
		}
	}

	#tick(sort: Waiting): void {
		const now = this.#clock.now();
		const waits = [...this.#since[sort]];
		const longest = now - Math.min(...waits.map(({ began }) => began));
		if (longest < QUIET || now - this.#said[sort] < QUIET) return;
		this.#said[sort] = now;
		const { one, many, usual } = WORDS[sort];
		const who =
			waits.length === 1
				? `one ${one} has been under way`
				: `${waits.length} ${many} are under way, the longest`;
		this.#say(`Autopilot: ${who} for ${Math.round(longest / 60_000)} min; ${usual}`);
	}
}
