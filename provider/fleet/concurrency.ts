import { findSharedFault, type SharedFault } from "../sharedFault.ts";

/** The outcome of a task that ran once for each key. */
export interface ConcurrentOutcome<Result> {
	readonly done: ReadonlyMap<string, Result>;
	readonly failed: ReadonlyMap<string, Error>;
	/** The keys whose task did not start, because an earlier one, which is among `failed`, met a shared fault. */
	readonly untried: ReadonlySet<string>;
}

/** Stops tasks that would only repeat the shared fault of an earlier task. */
export class SharedFaultStop {
	#fault: SharedFault | undefined;

	/** The fault that stops tasks; undefined if there is none. */
	get fault(): SharedFault | undefined {
		return this.#fault;
	}

	/** Records the error of a task. A fault of the whole service takes precedence over one that affects only creations. */
	note(error: Error): void {
		const fault = findSharedFault(error);
		if (this.#fault === undefined || fault?.scope === "service") this.#fault = fault ?? this.#fault;
	}

	/** Whether a task must not start. */
	concerns({ isCreation }: { readonly isCreation: boolean }): boolean {
		return this.#fault?.scope === "service" || (this.#fault !== undefined && isCreation);
	}
}

/** Options for stopping the tasks of {@link mapConcurrently}. */
export interface StopOptions {
	/** Default: a shared fault among these tasks. */
	readonly stop?: SharedFaultStop;
	/** Whether the task for a key creates an object. Default: none does. */
	readonly isCreation?: (key: string) => boolean;
}

/**
 * Runs the task for every key, at most `concurrency` at a time. A failed task does not stop the others, except after
 * a shared fault: then no further task starts, and running tasks finish.
 */
export async function mapConcurrently<Result>(
	keys: Iterable<string>,
	concurrency: number,
	task: (key: string) => Promise<Result>,
	{ stop = new SharedFaultStop(), isCreation = () => false }: StopOptions = {},
): Promise<ConcurrentOutcome<Result>> {
	const done = new Map<string, Result>();
	const failed = new Map<string, Error>();
	const untried = new Set<string>();
	await mapConcurrentlyOrThrow(keys, concurrency, async (key) => {
		if (stop.concerns({ isCreation: isCreation(key) })) {
			untried.add(key);
			return;
		}
		try {
			done.set(key, await task(key));
		} catch (thrown) {
			const error = thrown instanceof Error ? thrown : new Error(String(thrown));
			stop.note(error);
			failed.set(key, error);
		}
	});
	return { done, failed, untried };
}

/**
 * Runs the task for every item, at most `concurrency` at a time, and returns the results in the order of the items.
 * Rejects with the first error.
 */
export async function mapConcurrentlyOrThrow<Item, Result>(
	items: Iterable<Item>,
	concurrency: number,
	task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const queue = items[Symbol.iterator]();
	let nextIndex = 0;
	const runWorker = async (): Promise<void> => {
		for (let next = queue.next(); next.done !== true; next = queue.next()) {
			const index = nextIndex++;
			results[index] = await task(next.value);
		}
	};
	await Promise.all(Array.from({ length: concurrency }, runWorker));
	return results;
}
