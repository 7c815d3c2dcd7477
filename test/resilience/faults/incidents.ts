import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { prepareErrorForHost } from "../../../provider/userErrors.ts";
import type { Field } from "./ground.ts";
import { TROUBLES, type Trouble } from "./troubles.ts";

/** One of an operation's requests, and what happens to it. */
export interface Incident {
	/** Which request, counted from 1. */
	readonly nth: number;
	readonly trouble: Trouble;
	/** Whether it goes on until the operation ends. */
	readonly lasts: boolean;
}

/** An operation with an incident. */
export interface Case {
	readonly title: string;
	/** Plays it, and then what a person would do who runs the command again. */
	play(): Promise<Verdict>;
}

/** What came of a case. */
export interface Verdict {
	/** What is wrong; empty where every promise was kept. */
	readonly faults: readonly string[];
	/** What the operation failed with; undefined where it succeeded. */
	readonly message: string | undefined;
}

/**
 * Everything that may happen to the requests of an operation.
 *
 * @param title names the operation
 * @param count how many requests it makes
 */
export function* generateCases(
	title: string,
	count: number,
	play: (incident: Incident) => Promise<Verdict>,
): Generator<Case> {
	for (let nth = 1; nth <= count; nth++) {
		for (const trouble of TROUBLES) {
			for (const lasts of trouble.once ? [false] : [false, true]) {
				yield {
					title: `${title}, request ${nth}${lasts ? " and all after it" : ""}: ${trouble.name}`,
					play: () => play({ nth, trouble, lasts }),
				};
			}
		}
	}
}

/** The same lifecycle, its errors as they leave the provider. */
export function presentErrors(life: ResourceProvider, title: string): ResourceProvider {
	const prepareFailure = async <Result>(work: Promise<Result>): Promise<Result> =>
		work.catch((error: unknown) => {
			throw prepareErrorForHost(error, { typeName: title, storedText: "the stored text" });
		});
	return {
		check: (olds, news) => prepareFailure(life.check(olds, news)),
		diff: (id, olds, news) => prepareFailure(life.diff(id, olds, news)),
		create: (inputs) => prepareFailure(life.create(inputs)),
		read: (id, olds) => prepareFailure(life.read(id, olds)),
		update: (id, olds, news) => prepareFailure(life.update(id, olds, news)),
		delete: (id, olds) => prepareFailure(life.delete(id, olds)),
		inspectResource: (id, outputs, look) => prepareFailure(life.inspectResource(id, outputs, look)),
	};
}

/** A sentence about what is not as it should be; none where it is. */
export function compareValues(what: string, is: unknown, due: unknown): string[] {
	return is === due ? [] : [`${what}: ${String(is)} in the end, and ${String(due)} was due`];
}

/** What is left over must have been told. */
export function findUntoldRemains({ listRemains, words }: Pick<Field, "listRemains" | "words">): string[] {
	const isTold = words.said.some((text) => /\b(?:was|were) not removed from Intune\b/.test(text));
	return isTold ? [] : listRemains().map((what) => `left over without a word: ${what}`);
}

/** What work failed with, each thing by itself where there were several, and all of it together. */
export interface Outcome {
	readonly message?: string;
	readonly messages: readonly string[];
}

/** Waits for what comes of work. */
export async function awaitOutcome(work: Promise<unknown>): Promise<Outcome> {
	return work.then(
		() => ({ messages: [] }),
		(error: unknown) => {
			const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
			const messages = errors.map((each) =>
				each instanceof Error ? each.message : `no error: ${String(each)}`,
			);
			return { message: messages.join("\n"), messages };
		},
	);
}
