/** Node's timers hold no more, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for what may never end.
 *
 * @param milliseconds how long to wait
 * @param work is told by the signal that nobody waits any more; it need not heed it
 * @param createTimeoutError makes the error for that case
 */
export async function withTimeout<Result>(
	milliseconds: number,
	work: (signal: AbortSignal) => Promise<Result>,
	createTimeoutError: () => Error,
): Promise<Result> {
	const abortController = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() => {
				reject(createTimeoutError());
				abortController.abort();
			},
			Math.min(milliseconds, MAX_TIMER_MS),
		);
	});
	try {
		return await Promise.race([work(abortController.signal), timeout]);
	} finally {
		clearTimeout(timer);
	}
}
