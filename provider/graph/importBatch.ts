import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { ConnectionLost, isAmbiguous, ServiceError, UnreadableAnswer } from "../http/errors.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { ImportRecord } from "./autopilotIdentity.wire.ts";
import { type Answers, Gathering } from "./gathering.ts";
import { AWAITS_APPROVAL } from "./graphError.ts";
import { type Imports, importing } from "./imports.ts";
import { machineNamed } from "./machines.ts";
import { wantsJustification } from "./remedies.ts";

/**
 * How many imports go in one request. Graph's limit is not published: Intune's portal takes files of 500 rows, scripts kept
 * to 175 when that was its limit. A hundred hashes are less than half a megabyte, which proxies let through as well.
 */
export const MOST_TOGETHER = 100;
/** By how much smaller the company is in which an import goes again that was refused or lost its answer among others. */
const FEWER = 10;
/** What a service says where one of several, or that they are so many, may be all that is wrong. */
const OF_ONE: readonly number[] = [400, 404, 405, 413, 422];

/** An import to be queued, and by what. */
export interface Wish {
	readonly inputs: AutopilotInputs;
	/** In lower case. */
	readonly importId: string;
	readonly imports: Imports;
	readonly deadline: Deadline;
}

/**
 * Several imports were refused together, and one of them may have been why. Nothing says whether the others were queued:
 * each is to be looked for, and queued again where it is not there.
 */
export class RefusedTogether extends Error {
	override readonly name = "RefusedTogether";
}

/**
 * Queues imports that are asked for at the same time in one request. Each has an answer or an error of its own; those that
 * had neither because of the others go in smaller company when they are asked for again, and alone in the end.
 */
export class ImportBatch {
	readonly #gathering: Gathering<Wish, ImportRecord>;
	/** With how many others at most an import may go, by its id, where that is not as many as there are. */
	readonly #company = new Map<string, number>();
	/** The latest import under way of each id: the answers of two in one request could not be told apart. */
	readonly #latest = new Map<string, Promise<unknown>>();

	constructor(clock: Clock) {
		this.#gathering = new Gathering(clock, async (wishes) => this.#sent(wishes));
	}

	/**
	 * Queues an import once.
	 *
	 * @throws RefusedTogether, and whatever `Imports.queue` throws
	 */
	async queue(wish: Wish): Promise<ImportRecord> {
		const { importId } = wish;
		const before = this.#latest.get(importId) ?? Promise.resolve();
		const mine = before.catch(() => undefined).then(() => this.#gathering.ask(wish));
		this.#latest.set(importId, mine);
		try {
			return await mine;
		} finally {
			if (this.#latest.get(importId) === mine) this.#latest.delete(importId);
		}
	}

	#sent(wishes: readonly Wish[]): Answers<Wish, ImportRecord> {
		const answers = new Map<Wish, Promise<Answers<Wish, ImportRecord>>>();
		for (const batch of this.#batchesOf(wishes)) {
			const answer = this.#send(batch);
			for (const wish of batch) answers.set(wish, answer);
		}
		return async (wish) => {
			const answer = await answers.get(wish);
			if (answer === undefined) throw new TypeError("Every wish is in a batch");
			return answer(wish);
		};
	}

	#batchesOf(wishes: readonly Wish[]): Wish[][] {
		const sizes = new Map<number, Wish[]>();
		for (const wish of wishes) {
			const size = this.#company.get(wish.importId) ?? MOST_TOGETHER;
			sizes.set(size, [...(sizes.get(size) ?? []), wish]);
		}
		return [...sizes].flatMap(([size, all]) => {
			return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
				all.slice(at * size, (at + 1) * size),
			);
		});
	}

	async #send(batch: readonly Wish[]): Promise<Answers<Wish, ImportRecord>> {
		if (batch.length === 1) return (wish) => this.#sendAlone(wish);
		try {
			const records = await patientest(batch).imports.queueTogether(batch);
			const byId = new Map(records.map((record) => [record.importId.toLowerCase(), record]));
			for (const { importId } of batch) this.#company.delete(importId);
			return (wish) => byId.get(wish.importId) ?? unanswered(wish);
		} catch (error) {
			if (isAmbiguous(error) || isOfOne(error)) this.#separate(batch);
			return (wish) => {
				throw isOfOne(error)
					? new RefusedTogether(messageOf(error), { cause: error })
					: toldOf(error, { wish, batch });
			};
		}
	}

	async #sendAlone({ imports, inputs, importId }: Wish): Promise<ImportRecord> {
		const record = await imports.queue(inputs, importId);
		this.#company.delete(importId);
		return record;
	}

	#separate(batch: readonly Wish[]): void {
		const company = Math.max(1, Math.floor(batch.length / FEWER));
		for (const { importId } of batch) this.#company.set(importId, company);
	}
}

/** The wish whose operation has the longest time left: no other one's may end the request that all of them share. */
function patientest(batch: readonly Wish[]): Wish {
	return batch.reduce((best, wish) => (wish.deadline.remaining() > best.deadline.remaining() ? wish : best));
}

/** An import that the answer says nothing of may be queued or not, as one whose answer was lost. */
function unanswered({ inputs }: Wish): never {
	const what = `importing ${machineNamed(inputs.serialNumber)}`;
	throw new UnreadableAnswer(`${what} failed: the answer about many says nothing of it`, 200);
}

/** A permission or an approval that is missing is everybody's matter. */
function isOfOne(error: unknown): error is ServiceError {
	if (!(error instanceof ServiceError) || !OF_ONE.includes(error.status)) return false;
	return error.serviceCode !== AWAITS_APPROVAL && !wantsJustification(error.message);
}

/** An error that is everybody's, as one of them is told of it. */
function toldOf(error: unknown, { wish, batch }: { wish: Wish; batch: readonly Wish[] }): unknown {
	const message = messageOf(error).replace(
		importing(batch.length),
		`importing ${machineNamed(wish.inputs.serialNumber)}`,
	);
	if (error instanceof ServiceError) return new ServiceError(message, error);
	if (error instanceof ConnectionLost) return new ConnectionLost(message, error.cause);
	if (error instanceof UnreadableAnswer) return new UnreadableAnswer(message, error.status);
	return error;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
