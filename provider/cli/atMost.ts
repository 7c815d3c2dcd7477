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
