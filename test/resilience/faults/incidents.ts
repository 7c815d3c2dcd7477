import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { prepareErrorForHost } from "../../../provider/userErrors.ts";
import type { Field } from "./ground.ts";
import { TROUBLES, type Trouble } from "./troubles.ts";

/** A fault in one request of an operation. */
export interface Incident {
	/** The number of the request, counted from 1. */
	readonly nth: number;
	readonly trouble: Trouble;
	/** Whether all later requests of the operation fail in the same way. */
	readonly lasts: boolean;
}

/** An operation with one fault. */
export interface Case {
	readonly title: string;
	/** Plays the operation, and then the run that a user would start next. */
	play(): Promise<Verdict>;
}

/** The result of a case. */
export interface Verdict {
	/** The broken promises; empty if all were kept. */
	readonly faults: readonly string[];
	/** The error message of the operation, or undefined if it succeeded. */
	readonly message: string | undefined;
}

/**
 * Yields every combination of request and fault for one operation.
 *
 * @param title names the operation
 * @param count how many requests the operation makes
 * @param troubles default those of every service
 */
export function* generateCases(
	title: string,
	count: number,
	play: (incident: Incident) => Promise<Verdict>,
	troubles: readonly Trouble[] = TROUBLES,
): Generator<Case> {
	for (let nth = 1; nth <= count; nth++) {
		for (const trouble of troubles) {
			for (const lasts of trouble.once ? [false] : [false, true]) {
				yield {
					title: `${title}, request ${nth}${lasts ? " and all after it" : ""}: ${trouble.name}`,
					play: () => play({ nth, trouble, lasts }),
				};
			}
		}
	}
}

/** Wraps a resource provider so that its errors read as they do when they leave the provider. */
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

/** Describes a value that is not as expected; empty if it is. */
export function compareValues(what: string, is: unknown, due: unknown): string[] {
	return is === due ? [] : [`${what}: expected ${String(due)}, got ${String(is)}`];
}

/** Lists objects that were left behind without a message about them. */
export function findUntoldRemains({ listRemains, words }: Pick<Field, "listRemains" | "words">): string[] {
	const isTold = words.said.some((text) => /\b(?:was|were) not removed from Intune\b/.test(text));
	return isTold ? [] : listRemains().map((what) => `left behind without a message: ${what}`);
}

/** The errors of a piece of work: each separately, and all of them in one message. */
export interface Outcome {
	readonly message?: string;
	readonly messages: readonly string[];
}

/** Waits for work to end and collects its errors. */
export async function awaitOutcome(work: Promise<unknown>): Promise<Outcome> {
	return work.then(
		() => ({ messages: [] }),
		(error: unknown) => {
			const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
			const messages = errors.map((each) =>
				each instanceof Error ? each.message : `not an error: ${String(each)}`,
			);
			return { message: messages.join("\n"), messages };
		},
	);
}
