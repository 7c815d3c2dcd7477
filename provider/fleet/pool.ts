/** What came of the work for each of many. */
export interface Outcome<Result> {
	readonly done: ReadonlyMap<string, Result>;
	readonly failed: ReadonlyMap<string, Error>;
}

/**
 * Does the work for all ids, so many at a time; one that fails keeps none of the others from being tried.
 *
 * @param width how many at a time
 */
export async function forEach<Result>(
	ids: Iterable<string>,
	width: number,
	work: (id: string) => Promise<Result>,
): Promise<Outcome<Result>> {
	const done = new Map<string, Result>();
	const failed = new Map<string, Error>();
	const queue = ids[Symbol.iterator]();
	const worker = async (): Promise<void> => {
		for (let next = queue.next(); next.done !== true; next = queue.next()) {
			const id = next.value;
			try {
				done.set(id, await work(id));
			} catch (error) {
				failed.set(id, error instanceof Error ? error : new Error(String(error)));
			}
		}
	};
	await Promise.all(Array.from({ length: width }, worker));
	return { done, failed };
}
