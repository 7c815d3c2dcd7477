import assert from "node:assert/strict";
import type { Send } from "../../../provider/http/message.ts";
import type { Lifecycle } from "../../../provider/lifecycle/lifecycle.ts";
import { Resource } from "../engine/resource.ts";
import { leaksIn } from "../engine/secrets.ts";
import { Words } from "../engine/words.ts";
import type { Outcome } from "./judge.ts";

/** One operation of a process, as far as the stage must know it. */
interface Undertaking {
	readonly send: Send;
	run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Where processes reach the service, and what their operations are. */
export interface StageOptions<Operation, Mishap> {
	/** Opens a process with this network. */
	open(around: { network: Send; say(text: string): void }): Lifecycle;
	/** Begins an operation that comes to grief as told. */
	operation(mishap?: Mishap): Operation;
}

/** The engine's side of a history: one resource, the processes that work on it one after the other, and what they say. */
export class Stage<Operation extends Undertaking, Mishap> {
	readonly resource: Resource;
	readonly #options: StageOptions<Operation, Mishap>;
	readonly #words = new Words();
	#process: Lifecycle;
	/** What that process is at. One that died goes on with nothing. */
	#at: { operation: Operation };

	constructor(options: StageOptions<Operation, Mishap>) {
		this.#options = options;
		this.#at = { operation: options.operation() };
		this.#process = this.#open();
		this.resource = new Resource(() => this.#process);
	}

	/** The process at work. */
	get process(): Lifecycle {
		return this.#process;
	}

	/** Begins an operation in a process of its own. */
	begin(mishap?: Mishap): Operation {
		this.#at = { operation: this.#options.operation(mishap) };
		this.#process = this.#open();
		return this.#at.operation;
	}

	/** Goes on with another operation in the same process. */
	goOn(mishap?: Mishap): Operation {
		this.#at.operation = this.#options.operation(mishap);
		return this.#at.operation;
	}

	/** Does the work of an operation, however it ends. */
	async attempt<Result>(operation: Operation, work: () => Promise<Result>): Promise<Outcome<Result>> {
		const before = this.#words.said.length;
		const outcome = await operation.run(work).then(
			(result) => ({ result }),
			(error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
		);
		return { ...outcome, said: this.#words.said.slice(before) };
	}

	/** Nothing that was said so far tells a secret. */
	assertDiscreet(secrets: Parameters<typeof leaksIn>[1]): void {
		assert.deepEqual(
			this.#words.all().flatMap((text) => leaksIn(text, secrets)),
			[],
		);
	}

	#open(): Lifecycle {
		const at = this.#at;
		const network: Send = (request) => at.operation.send(request);
		return this.#words.listenTo(this.#options.open({ network, say: this.#words.say }));
	}
}

/** Takes the steps of a history one after the other, and concludes it; an error names the step at which it arose. */
export async function playSteps<Step>(
	player: { take(step: Step): Promise<void>; conclude(): Promise<void> },
	steps: readonly Step[],
): Promise<void> {
	for (const [at, step] of steps.entries()) {
		try {
			await player.take(step);
		} catch (error) {
			if (error instanceof Error) error.message = `at step ${at + 1}: ${error.message}`;
			throw error;
		}
	}
	await player.conclude();
}
