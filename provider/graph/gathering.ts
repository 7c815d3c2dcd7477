import type { Clock } from "../http/clock.ts";

/** How long nobody must have joined before those who came are served, in milliseconds. */
const QUIET = 40;
/** How long the first of them waits for others at most, in milliseconds. */
const LONGEST = 2_000;

/** Answers one of those who asked together. */
export type Answers<Ask, Answer> = (ask: Ask) => Answer | Promise<Answer>;

interface Circle<Ask, Answer> {
	readonly asks: Ask[];
	readonly answers: Promise<Answers<Ask, Answer>>;
}

/**
 * Brings together what is asked for at the same time, so that one request can serve all. Who comes alone waits some
 * hundredths of a second; where many come in a row the first waits two seconds at most.
 */
export class Gathering<Ask, Answer> {
	readonly #clock: Clock;
	readonly #serve: (asks: readonly Ask[]) => Promise<Answers<Ask, Answer>>;
	#open: Circle<Ask, Answer> | undefined;

	/** @param serve does for all of them what can be done at once; what it throws is everybody's error */
	constructor(clock: Clock, serve: (asks: readonly Ask[]) => Promise<Answers<Ask, Answer>>) {
		this.#clock = clock;
		this.#serve = serve;
	}

	/** Asks together with whoever else does. */
	async ask(ask: Ask): Promise<Answer> {
		const answer = await this.#joined(ask);
		return answer(ask);
	}

	#joined(ask: Ask): Promise<Answers<Ask, Answer>> {
		if (this.#open === undefined) {
			const asks = [ask];
			this.#open = { asks, answers: this.#served(asks) };
		} else this.#open.asks.push(ask);
		return this.#open.answers;
	}

	async #served(asks: readonly Ask[]): Promise<Answers<Ask, Answer>> {
		const { now, sleep } = this.#clock;
		const ends = now() + LONGEST;
		for (let known = 0; known < asks.length && now() < ends; ) {
			known = asks.length;
			await sleep(QUIET);
		}
		this.#open = undefined;
		return this.#serve(asks);
	}
}
