/** The outcome of a task that ran once for each key. */
export interface ConcurrentOutcome<Result> {
	readonly done: ReadonlyMap<string, Result>;
	readonly failed: ReadonlyMap<string, Error>;
}

/** Runs the task for every key, at most `concurrency` at a time. A task that fails does not stop the others. */
export async function mapConcurrently<Result>(
	keys: Iterable<string>,
	concurrency: number,
	task: (key: string) => Promise<Result>,
): Promise<ConcurrentOutcome<Result>> {
	const done = new Map<string, Result>();
	const failed = new Map<string, Error>();
	await mapConcurrentlyOrThrow(keys, concurrency, async (key) => {
		try {
			done.set(key, await task(key));
		} catch (error) {
			failed.set(key, error instanceof Error ? error : new Error(String(error)));
		}
	});
	return { done, failed };
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
