import assert from "node:assert/strict";
import type { SendRequest } from "../../../provider/http/pipeline.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { findLeaks, MessageRecorder } from "../../contract/harness/messages.ts";
import { Resource } from "../../contract/harness/resource.ts";
import { Operation, type Service } from "./operation.ts";
import type { ProcessOptions } from "./place.ts";
import type { Outcome } from "./scenes.ts";
import type { Mishap } from "./steps.ts";

/** Where processes run, and the service that they reach. */
export interface StageOptions<Sight> extends Service<Sight> {
	/** Starts a provider process. */
	open(options: ProcessOptions): ResourceProvider;
}

/** The engine's part of a history: one resource, the processes that work on it one after the other, and their messages. */
export class Stage<Sight> {
	readonly resource: Resource;
	readonly #options: StageOptions<Sight>;
	readonly #words = new MessageRecorder();
	#process: ResourceProvider;
	/** The operation of that process. A killed process continues with none. */
	#at: { operation: Operation<Sight> };

	constructor(options: StageOptions<Sight>) {
		this.#options = options;
		this.#at = { operation: new Operation(options) };
		this.#process = this.#open();
		this.resource = new Resource(() => this.#process);
	}

	/** The current process. */
	get process(): ResourceProvider {
		return this.#process;
	}

	/** Begins an operation in a new process. */
	begin(mishap?: Mishap): Operation<Sight> {
		this.#at = { operation: new Operation(this.#options, mishap) };
		this.#process = this.#open();
		return this.#at.operation;
	}

	/** Begins another operation in the same process. */
	goOn(mishap?: Mishap): Operation<Sight> {
		this.#at.operation = new Operation(this.#options, mishap);
		return this.#at.operation;
	}

	/** Does the work of an operation and returns its outcome, also if it fails. */
	async attempt<Result>(operation: Operation<Sight>, work: () => Promise<Result>): Promise<Outcome<Result>> {
		const before = this.#words.said.length;
		const outcome = await operation.run(work).then(
			(result) => ({ result }),
			(error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
		);
		return { ...outcome, said: this.#words.said.slice(before) };
	}

	/** Asserts that nothing printed so far contains a secret. */
	assertDiscreet(secrets: Parameters<typeof findLeaks>[1]): void {
		assert.deepEqual(
			this.#words.listTexts().flatMap((text) => findLeaks(text, secrets)),
			[],
		);
	}

	#open(): ResourceProvider {
		const at = this.#at;
		const network: SendRequest = (request) => at.operation.send(request);
		return this.#words.listenTo(this.#options.open({ network, say: this.#words.say }));
	}
}

/** Takes the steps of a history one after the other, and concludes it. An error names the step at which it occurred. */
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
