import type { Clock } from "../../http/clock.ts";
import type { Deadline } from "../../http/deadline.ts";
import { ConnectionLost, isOutcomeUnknown, ServiceError, UnreadableAnswer } from "../../http/errors.ts";
import type { AutopilotInputs } from "../autopilotIdentity.inputs.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import { APPROVAL_REQUIRED, needsJustification } from "../errors.ts";
import { describeMachine } from "../machines.ts";
import { RequestCoalescer, type Responder } from "./coalesce.ts";
import { describeBatchImport, type Imports } from "./records.ts";

/**
 * How many imports go in one request. Graph's limit is not published: Intune's portal takes files of 500 rows, scripts kept
 * to 175 when that was its limit. A hundred hashes are less than half a megabyte, which proxies let through as well.
 */
export const MAX_IMPORTS_PER_REQUEST = 100;
/** By how much smaller the company is in which an import goes again that was refused or lost its answer among others. */
const BATCH_SHRINK_FACTOR = 10;
/** What a service says where one of several, or that they are so many, may be all that is wrong. */
const SINGLE_IMPORT_STATUSES: readonly number[] = [400, 404, 405, 413, 422];

/** An import to be queued, and by what. */
export interface ImportRequest {
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
export class BatchRefused extends Error {
	override readonly name = "RefusedTogether";
}

/**
 * Queues imports that are asked for at the same time in one request. Each has an answer or an error of its own; those that
 * had neither because of the others go in smaller company when they are asked for again, and alone in the end.
 */
export class ImportBatcher {
	readonly #coalescer: RequestCoalescer<ImportRequest, ImportRecord>;
	/** With how many others at most an import may go, by its id, where that is not as many as there are. */
	readonly #maxBatchSizes = new Map<string, number>();
	/** The latest import under way of each id: the answers of two in one request could not be told apart. */
	readonly #latestById = new Map<string, Promise<unknown>>();

	constructor(clock: Clock) {
		this.#coalescer = new RequestCoalescer(clock, async (wishes) => this.#sendBatches(wishes));
	}

	/**
	 * Queues an import once.
	 *
	 * @throws RefusedTogether, and whatever `Imports.queue` throws
	 */
	async queue(request: ImportRequest): Promise<ImportRecord> {
		const { importId } = request;
		const previous = this.#latestById.get(importId) ?? Promise.resolve();
		const current = previous.catch(() => undefined).then(() => this.#coalescer.submit(request));
		this.#latestById.set(importId, current);
		try {
			return await current;
		} finally {
			if (this.#latestById.get(importId) === current) this.#latestById.delete(importId);
		}
	}

	#sendBatches(requests: readonly ImportRequest[]): Responder<ImportRequest, ImportRecord> {
		const responders = new Map<ImportRequest, Promise<Responder<ImportRequest, ImportRecord>>>();
		for (const batch of this.#splitIntoBatches(requests)) {
			const responder = this.#sendBatch(batch);
			for (const request of batch) responders.set(request, responder);
		}
		return async (request) => {
			const answer = await responders.get(request);
			if (answer === undefined) throw new TypeError("Every request is in a batch");
			return answer(request);
		};
	}

	#splitIntoBatches(requests: readonly ImportRequest[]): ImportRequest[][] {
		const requestsBySize = new Map<number, ImportRequest[]>();
		for (const request of requests) {
			const size = this.#maxBatchSizes.get(request.importId) ?? MAX_IMPORTS_PER_REQUEST;
			requestsBySize.set(size, [...(requestsBySize.get(size) ?? []), request]);
		}
		return [...requestsBySize].flatMap(([size, all]) => {
			return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
				all.slice(at * size, (at + 1) * size),
			);
		});
	}

	async #sendBatch(batch: readonly ImportRequest[]): Promise<Responder<ImportRequest, ImportRecord>> {
		if (batch.length === 1) return (request) => this.#sendAlone(request);
		try {
			const records = await findLongestDeadline(batch).imports.queueBatch(batch);
			const byId = new Map(records.map((record) => [record.importId.toLowerCase(), record]));
			for (const { importId } of batch) this.#maxBatchSizes.delete(importId);
			return (request) => byId.get(request.importId) ?? throwUnanswered(request);
		} catch (error) {
			if (isOutcomeUnknown(error) || isSingleImportError(error)) this.#shrinkBatches(batch);
			return (request) => {
				throw isSingleImportError(error)
					? new BatchRefused(getMessage(error), { cause: error })
					: toImportError(error, { request, batch });
			};
		}
	}

	async #sendAlone({ imports, inputs, importId }: ImportRequest): Promise<ImportRecord> {
		const record = await imports.queue(inputs, importId);
		this.#maxBatchSizes.delete(importId);
		return record;
	}

	#shrinkBatches(batch: readonly ImportRequest[]): void {
		const maxBatchSize = Math.max(1, Math.floor(batch.length / BATCH_SHRINK_FACTOR));
		for (const { importId } of batch) this.#maxBatchSizes.set(importId, maxBatchSize);
	}
}

/** The request whose operation has the longest time left: no other one's may end the request that all of them share. */
function findLongestDeadline(batch: readonly ImportRequest[]): ImportRequest {
	return batch.reduce((best, request) =>
		request.deadline.getRemainingMs() > best.deadline.getRemainingMs() ? request : best,
	);
}

/** An import that the answer says nothing of may be queued or not, as one whose answer was lost. */
function throwUnanswered({ inputs }: ImportRequest): never {
	const operationName = `importing ${describeMachine(inputs.serialNumber)}`;
	throw new UnreadableAnswer(`${operationName} failed: the answer about many says nothing of it`, 200);
}

/** A permission or an approval that is missing is everybody's matter. */
function isSingleImportError(error: unknown): error is ServiceError {
	if (!(error instanceof ServiceError) || !SINGLE_IMPORT_STATUSES.includes(error.status)) return false;
	return error.serviceCode !== APPROVAL_REQUIRED && !needsJustification(error.message);
}

/** An error that is everybody's, as one of them is told of it. */
function toImportError(
	error: unknown,
	{ request, batch }: { request: ImportRequest; batch: readonly ImportRequest[] },
): unknown {
	const message = getMessage(error).replace(
		describeBatchImport(batch.length),
		`importing ${describeMachine(request.inputs.serialNumber)}`,
	);
	if (error instanceof ServiceError) return new ServiceError(message, error);
	if (error instanceof ConnectionLost) return new ConnectionLost(message, error.cause);
	if (error instanceof UnreadableAnswer) return new UnreadableAnswer(message, error.status);
	return error;
}

function getMessage(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
