/** Node's timers hold no more, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Waits for what may never end.
 *
 * @param milliseconds how long to wait
 * @param work is told by the signal that nobody waits any more; it need not heed it
 * @param late makes the error for that case
 */
export async function within<Result>(
	milliseconds: number,
	work: (signal: AbortSignal) => Promise<Result>,
	late: () => Error,
): Promise<Result> {
	const aborter = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() => {
				reject(late());
				aborter.abort();
			},
			Math.min(milliseconds, LONGEST),
		);
	});
	try {
		return await Promise.race([work(aborter.signal), tooLate]);
	} finally {
		clearTimeout(timer);
	}
}
