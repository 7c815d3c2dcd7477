import { isSharedFault, RepeatedFault, type SharedFault } from "../sharedFault.ts";
import type { Clock } from "./clock.ts";
import type { Deadline } from "./deadline.ts";
import { ConnectionLost, DeadlineExceeded, NotConnected, ServiceError, UnreadableAnswer } from "./errors.ts";

/** How long a fault is remembered, in milliseconds. The next request after that finds out whether it lasts. */
export const FAULT_MEMORY_MS = 10_000;

/** A request as the gate sees it. */
export interface GatedRequest {
	/** The operation that sends the request: `creating device "gw-1" in hub fleet.azure-devices.net`. */
	readonly operationName: string;
	/** The right that the request needs: the service's refusal of it concerns all requests that need it. */
	readonly permission: string;
	/** The deadline of the operation, which all requests of one operation share. */
	readonly deadline: Deadline;
}

/** A fault that is remembered. */
interface RememberedFault {
	readonly fault: SharedFault;
	readonly operationName: string;
	readonly metAt: number;
	/** The permission that is missing; undefined if the fault concerns every request. */
	readonly permission: string | undefined;
	/** Whether the fault concerns only operations of which the service has received nothing yet. */
	readonly sparesBegun: boolean;
}

/** A request that may still wait to be sent. */
interface WaitingRequest {
	readonly request: GatedRequest;
	readonly abortController: AbortController;
}

/**
 * Stands in front of the client of one service with one credential, and lets a fault that concerns all of its requests be met once:
 *
 * - The first request that ends with a fault of the scope `service` fails with the whole error. It has had all of its retries.
 * - Requests that wait for a retry or for a slot of the rate limit then end at once with a {@link RepeatedFault}. Requests that were sent
 *   run to their end, so that no outcome becomes unknown.
 * - Further requests fail at once in the same way for ten seconds. After that the next ones are sent and find out whether the fault
 *   lasts. A successful response ends the memory before, so a fault that is over never concerns a later operation for long.
 *
 * A missing connection concerns only operations of which the service has received nothing yet: an operation under way, such as one
 * that reads what became of a lost write, goes on with its own retries. It is no shared fault at all if the service answered another
 * request since the one that failed began. A refused key, a failed sign-in and an invalid setting concern every operation.
 */
export class FaultGate {
	readonly #clock: Pick<Clock, "now">;
	readonly #faults = new Map<string | undefined, RememberedFault>();
	readonly #waiting = new Set<WaitingRequest>();
	/** Operations of which the service has received something, or may have. */
	readonly #begun = new WeakSet<Deadline>();
	#answerCount = 0;

	constructor(clock: Pick<Clock, "now">) {
		this.#clock = clock;
	}

	/**
	 * Sends a request unless a remembered fault concerns it.
	 *
	 * @param send receives a signal that ends its waits, which it passes on in `HttpRequest.signal`
	 */
	async run<Result>(request: GatedRequest, send: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
		const known = this.#findFault(request);
		if (known !== undefined) throw this.#repeat(request, known);
		const abortController = new AbortController();
		const waiting = { request, abortController };
		this.#waiting.add(waiting);
		const answersBefore = this.#answerCount;
		try {
			const result = await send(abortController.signal);
			this.#noteAnswer(request);
			this.#forget(request);
			return result;
		} catch (error) {
			this.#waiting.delete(waiting);
			throw this.#handleError(error, request, answersBefore);
		} finally {
			this.#waiting.delete(waiting);
		}
	}

	#handleError(error: unknown, request: GatedRequest, answersBefore: number): unknown {
		if (error instanceof RepeatedFault) return error;
		if (error instanceof ConnectionLost) this.#begun.add(request.deadline);
		if (error instanceof ServiceError || error instanceof UnreadableAnswer) this.#noteAnswer(request);
		const isUnconnected = error instanceof NotConnected || error instanceof DeadlineExceeded;
		if (isUnconnected && this.#answerCount !== answersBefore) error.scope = undefined;
		if (!isSharedFault(error) || error.scope !== "service") return error;
		const known = this.#findFault(request);
		if (known !== undefined) return this.#repeat(request, known, error instanceof ServiceError);
		this.#remember({
			fault: error,
			operationName: request.operationName,
			metAt: this.#clock.now(),
			permission: error instanceof ServiceError ? request.permission : undefined,
			sparesBegun: isUnconnected,
		});
		return error;
	}

	#noteAnswer({ deadline }: GatedRequest): void {
		this.#answerCount++;
		this.#begun.add(deadline);
	}

	#forget({ permission }: GatedRequest): void {
		this.#faults.delete(undefined);
		this.#faults.delete(permission);
	}

	#remember(fault: RememberedFault): void {
		this.#faults.set(fault.permission, fault);
		for (const { request, abortController } of this.#waiting) {
			if (this.#concerns(fault, request)) abortController.abort(this.#repeat(request, fault));
		}
	}

	#findFault(request: GatedRequest): RememberedFault | undefined {
		return [undefined, request.permission]
			.map((permission) => this.#faults.get(permission))
			.find((fault) => fault !== undefined && this.#concerns(fault, request));
	}

	#concerns({ permission, metAt, sparesBegun }: RememberedFault, request: GatedRequest): boolean {
		if (this.#clock.now() - metAt >= FAULT_MEMORY_MS) return false;
		if (permission !== undefined && permission !== request.permission) return false;
		return !sparesBegun || !this.#begun.has(request.deadline);
	}

	/** @param wasSent whether the service received this request */
	#repeat(request: GatedRequest, fault: RememberedFault, wasSent = false): RepeatedFault {
		const isUntried = !wasSent && !this.#begun.has(request.deadline);
		return new RepeatedFault(request.operationName, fault, { isUntried });
	}
}
