/** What came of the work for each of many. */
export interface ConcurrentOutcome<Result> {
	readonly done: ReadonlyMap<string, Result>;
	readonly failed: ReadonlyMap<string, Error>;
}

/**
 * Does the work for all ids, so many at a time; one that fails keeps none of the others from being tried.
 *
 * @param concurrency how many at a time
 */
export async function mapConcurrently<Result>(
	keys: Iterable<string>,
	concurrency: number,
	task: (key: string) => Promise<Result>,
): Promise<ConcurrentOutcome<Result>> {
	const done = new Map<string, Result>();
	const failed = new Map<string, Error>();
	const queue = keys[Symbol.iterator]();
	const runWorker = async (): Promise<void> => {
		for (let next = queue.next(); next.done !== true; next = queue.next()) {
			const id = next.value;
			try {
				done.set(id, await task(id));
			} catch (error) {
				failed.set(id, error instanceof Error ? error : new Error(String(error)));
			}
		}
	};
	await Promise.all(Array.from({ length: concurrency }, runWorker));
	return { done, failed };
}

/**
 * Does the work for every item, at most so many at a time. The results come in the order of the items; the first error
 * ends it.
 */
export async function mapConcurrentlyOrThrow<Item, Result>(
	maxConcurrency: number,
	items: readonly Item[],
	work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const queue = items.entries();
	const runWorker = async (): Promise<void> => {
		for (const [index, item] of queue) results[index] = await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(maxConcurrency, items.length) }, runWorker));
	return results;
}
