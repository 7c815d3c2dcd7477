import type { Clock } from "../../http/clock.ts";
import type { Deadline } from "../../http/deadline.ts";
import { ConnectionLost, isOutcomeUnknown, ServiceError, UnreadableAnswer } from "../../http/errors.ts";
import { isSharedFault, RepeatedFault, type SharedFault } from "../../sharedFault.ts";
import type { AutopilotInputs } from "../autopilotIdentity.inputs.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import { APPROVAL_REQUIRED, needsJustification } from "../errors.ts";
import { describeMachine } from "../machines.ts";
import { RequestCoalescer, type Responder } from "./coalesce.ts";
import { matchRecords } from "./match.ts";
import { describeBatchImport, type Imports } from "./records.ts";

/**
 * The maximum number of imports in one request. Graph's limit is not published: Intune's portal accepts files of 500 rows,
 * and scripts stayed below 175 when that was its limit. A hundred hashes are less than half a megabyte, which proxies
 * accept too.
 */
export const MAX_IMPORTS_PER_REQUEST = 100;
/** The factor by which the batch of an import shrinks after its batch was refused or its response was lost. */
const BATCH_SHRINK_FACTOR = 10;
/** The statuses of a refusal that a single import of the batch, or the size of the batch, can cause. */
const SINGLE_IMPORT_STATUSES: readonly number[] = [400, 404, 405, 413, 422];
/** The code with which Graph refuses a route that its documentation has and the service does not. */
const NO_SUCH_ROUTE = "No method match route template";

/** An import to queue, with the dependencies of its operation. */
export interface ImportRequest {
	readonly inputs: AutopilotInputs;
	/** The import id in lower case. */
	readonly importId: string;
	readonly imports: Imports;
	readonly deadline: Deadline;
}

/**
 * Several imports were refused together, and one of them may be the cause. If some may have been queued, search for each of
 * them, and queue it again if it is not found.
 */
export class BatchRefused extends Error {
	override readonly name = "RefusedTogether";
	/** Whether the service may have queued imports of the batch: those before an invalid one. */
	readonly mayBeQueued: boolean;

	constructor(cause: ServiceError) {
		super(cause.message, { cause });
		this.mayBeQueued = !isBatchRejection(cause);
	}
}

/**
 * Queues simultaneous imports in one request. Each import gets a result or an error of its own; imports of a failed batch
 * are queued in smaller batches when they are submitted again, finally one by one. So are imports that the response does not show.
 */
export class ImportBatcher {
	readonly #coalescer: RequestCoalescer<ImportRequest, ImportRecord>;
	/** The maximum batch size of an import, by its id, if it is smaller than that of all imports. */
	readonly #maxBatchSizes = new Map<string, number>();
	/** The latest import in progress of each id: the results of two with the same id in one request would be indistinguishable. */
	readonly #latestById = new Map<string, Promise<unknown>>();

	constructor(clock: Clock) {
		this.#coalescer = new RequestCoalescer(clock, async (requests) => this.#sendBatches(requests));
	}

	/**
	 * Queues an import once.
	 *
	 * @throws BatchRefused, and the errors of `Imports.queue`
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
			const respond = await responders.get(request);
			if (respond === undefined) throw new TypeError("Every request is in a batch");
			return respond(request);
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
			const rows = await findLongestDeadline(batch).imports.queueBatch(batch);
			const recordsByRequest = matchRecords(batch, rows);
			for (const request of batch) {
				if (recordsByRequest.has(request)) this.#maxBatchSizes.delete(request.importId);
				else this.#maxBatchSizes.set(request.importId, 1);
			}
			return (request) => recordsByRequest.get(request) ?? throwUnanswered(request);
		} catch (error) {
			if (isSharedFault(error)) return repeatFault(error, batch);
			if (isOutcomeUnknown(error) || isSingleImportError(error)) this.#shrinkBatches(batch);
			return (request) => {
				throw isSingleImportError(error) ? new BatchRefused(error) : toImportError(error, { request, batch });
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

/** Finds the import whose deadline is latest: no earlier deadline may end the shared request. */
function findLongestDeadline(batch: readonly ImportRequest[]): ImportRequest {
	return batch.reduce((best, request) =>
		request.deadline.getRemainingMs() > best.deadline.getRemainingMs() ? request : best,
	);
}

/** Returns the responder for imports whose request met a shared fault: the first import gets the fault, the others refer to it. */
function repeatFault(
	fault: SharedFault,
	batch: readonly ImportRequest[],
): Responder<ImportRequest, ImportRecord> {
	const isUntried = fault instanceof RepeatedFault ? fault.isUntried : !(fault instanceof ServiceError);
	const first =
		fault instanceof RepeatedFault
			? fault.first
			: { fault, operationName: describeBatchImport(batch.length) };
	return (request) => {
		if (request === batch[0]) throw fault;
		throw new RepeatedFault(`importing ${describeMachine(request.inputs.serialNumber)}`, first, {
			isUntried,
		});
	};
}

/** Throws for an import that the response does not contain: as after a lost response, it may have been queued. */
function throwUnanswered({ inputs }: ImportRequest): never {
	const operationName = `importing ${describeMachine(inputs.serialNumber)}`;
	throw new UnreadableAnswer(`${operationName} failed: the response to the batch does not contain it`, 200);
}

/** Whether a single import may have caused the error. A missing permission or approval concerns all of them. */
function isSingleImportError(error: unknown): error is ServiceError {
	if (!(error instanceof ServiceError) || !SINGLE_IMPORT_STATUSES.includes(error.status)) return false;
	return error.serviceCode !== APPROVAL_REQUIRED && !needsJustification(error.message);
}

/** Whether the service refused the batch without looking at its imports: it has no such route, or the batch is too large. */
function isBatchRejection({ status, serviceCode }: ServiceError): boolean {
	return ![400, 422].includes(status) || serviceCode === NO_SUCH_ROUTE;
}

/** Translates an error of the whole batch for one of its imports. */
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
