import fc from "fast-check";

/** Something that happens step by step. */
interface Stepped<Step> {
	readonly steps: readonly Step[];
}

/** A type of history and how it is played. */
export interface Game<History extends Stepped<unknown>> {
	readonly histories: fc.Arbitrary<History>;
	/** Plays a history; fails if a promise is broken. */
	play(history: History): Promise<void>;
	/** Formats a history for a person. */
	told(history: History): string;
}

/** The histories to play. */
export interface Season {
	readonly runs: number;
	readonly seed: number;
	/** The path of a shrunk failure, at which to start. */
	readonly path?: string | undefined;
}

/** Plays histories one after the other; fails with the shortest that breaks a promise. */
export async function findShortestFailure<History extends Stepped<unknown>>(
	game: Game<History>,
	{ runs, seed, path }: Season,
): Promise<void> {
	const property = fc.asyncProperty(game.histories, (history) => game.play(history));
	const found = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) });
	if (!found.failed) return;
	const [broken] = found.counterexample ?? [];
	if (broken === undefined) throw new Error(`no history could be played: ${String(found.errorInstance)}`);
	const { history, error } = await findShortest(game, { history: broken, error: found.errorInstance });
	const fault = error instanceof Error ? error.message : String(error);
	throw new Error(
		`A history breaks a promise (seed ${seed}, run ${found.numRuns}, path ${found.counterexamplePath}):\n${game.told(history)}\n` +
			`${fault}\n\nTo replay it: ${JSON.stringify(history)}`,
		{ cause: error },
	);
}

interface Failure<History> {
	readonly history: History;
	readonly error: unknown;
}

/** Finds the same failure without the steps that it does not need. */
async function findShortest<History extends Stepped<unknown>>(
	game: Game<History>,
	failure: Failure<History>,
): Promise<Failure<History>> {
	const { steps } = failure.history;
	for (const at of steps.keys()) {
		const history = { ...failure.history, steps: steps.filter((_step, index) => index !== at) };
		const error = await game.play(history).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		if (error !== undefined) return findShortest(game, { history, error });
	}
	return failure;
}
