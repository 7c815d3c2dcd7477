import { isSharedFault, RepeatedFault, type SharedFault } from "../sharedFault.ts";
import type { Clock } from "./clock.ts";
import type { Deadline } from "./deadline.ts";
import {
	ConnectionLost,
	DeadlineExceeded,
	LongWaitRequired,
	NotConnected,
	ServiceError,
	UnreadableAnswer,
} from "./errors.ts";

/** How long a fault is remembered, in milliseconds. The next request after that finds out whether it still exists. */
export const FAULT_MEMORY_MS = 10_000;
/** How long a wait that the service asks for is respected at most, in milliseconds: a proxy may ask for a day by mistake. */
const MAX_WAIT_MEMORY_MS = 600_000;

/** The first operation that met each fault. A sign-in is shared by several clients, and its error outlives the memory of a gate. */
const FIRST_OPERATIONS = new WeakMap<SharedFault, string>();

/** The properties of a request that the gate needs. */
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
	/** When it is forgotten, on the clock of the gate. */
	readonly endsAt: number;
	/** The permission whose requests it concerns; undefined if it concerns every request. */
	readonly permission: string | undefined;
	/** Whether the fault concerns only operations from which the service has received nothing yet. */
	readonly sparesBegun: boolean;
}

/** A request that may still wait to be sent. */
interface WaitingRequest {
	readonly request: GatedRequest;
	readonly abortController: AbortController;
}

/**
 * Guards the client of one service with one credential. It reports a fault that concerns all requests in full only once:
 *
 * - The first request that ends with a fault of the scope `service` fails with the whole error, after all of its retries.
 * - Requests that wait for a retry or for a slot of the rate limit then fail at once with a {@link RepeatedFault}. Requests that were
 *   already sent are completed, so that no outcome becomes unknown.
 * - Further requests fail in the same way for ten seconds. The next ones are sent and find out whether the fault still exists. A
 *   successful response clears the fault earlier, so a fault that is over affects later operations only briefly.
 * - A service that asks to wait for longer than operations may take is left alone for that time, but for ten minutes at most.
 *
 * A missing connection concerns only operations from which the service has received nothing yet. An operation in progress, such as
 * one that reads the outcome of a lost write, continues with its own retries. A missing connection is not a shared fault if the
 * service responded to another request after the failed one began. A refused key, a failed sign-in and an invalid setting concern
 * every operation.
 */
export class FaultGate {
	readonly #clock: Pick<Clock, "now">;
	readonly #faults = new Map<string | undefined, RememberedFault>();
	readonly #waiting = new Set<WaitingRequest>();
	/** Operations from which the service has received a request, or may have. */
	readonly #begun = new WeakSet<Deadline>();
	#responseCount = 0;

	constructor(clock: Pick<Clock, "now">) {
		this.#clock = clock;
	}

	/**
	 * Sends a request unless a remembered fault concerns it.
	 *
	 * @param send receives a signal that ends its waits, and passes it on in `HttpRequest.signal`
	 */
	async run<Result>(request: GatedRequest, send: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
		const known = this.#findFault(request);
		if (known !== undefined) throw this.#repeat(request, known);
		const abortController = new AbortController();
		const waiting = { request, abortController };
		this.#waiting.add(waiting);
		const responsesBefore = this.#responseCount;
		try {
			const result = await send(abortController.signal);
			this.#recordResponse(request);
			this.#forget(request);
			return result;
		} catch (error) {
			this.#waiting.delete(waiting);
			throw this.#handleError(error, request, responsesBefore);
		} finally {
			this.#waiting.delete(waiting);
		}
	}

	#handleError(error: unknown, request: GatedRequest, responsesBefore: number): unknown {
		if (error instanceof RepeatedFault) return error;
		if (error instanceof ConnectionLost) this.#begun.add(request.deadline);
		const isRefused = error instanceof ServiceError || error instanceof LongWaitRequired;
		if (isRefused || error instanceof UnreadableAnswer) this.#recordResponse(request);
		const isUnconnected = error instanceof NotConnected || error instanceof DeadlineExceeded;
		if (isUnconnected && this.#responseCount !== responsesBefore) error.scope = undefined;
		if (!isSharedFault(error) || error.scope !== "service") return error;
		const known = this.#findFault(request, isRefused);
		if (known !== undefined) return this.#repeat(request, known, isRefused);
		const memoryMs =
			error instanceof LongWaitRequired ? Math.min(error.waitMs, MAX_WAIT_MEMORY_MS) : FAULT_MEMORY_MS;
		const firstOperation = FIRST_OPERATIONS.get(error);
		const fault = {
			fault: error,
			operationName: firstOperation ?? request.operationName,
			endsAt: this.#clock.now() + memoryMs,
			permission: isRefused ? request.permission : undefined,
			sparesBegun: isUnconnected || error instanceof LongWaitRequired,
		};
		FIRST_OPERATIONS.set(error, fault.operationName);
		this.#remember(fault);
		return firstOperation === undefined ? error : this.#repeat(request, fault);
	}

	#recordResponse({ deadline }: GatedRequest): void {
		this.#responseCount++;
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

	/** @param wasRefused whether the service has just refused this request, so that the fault concerns it even if its operation has begun */
	#findFault(request: GatedRequest, wasRefused = false): RememberedFault | undefined {
		return [undefined, request.permission]
			.map((permission) => this.#faults.get(permission))
			.find((fault) => fault !== undefined && this.#concerns(fault, request, wasRefused));
	}

	#concerns(
		{ permission, endsAt, sparesBegun }: RememberedFault,
		request: GatedRequest,
		wasRefused = false,
	): boolean {
		if (this.#clock.now() >= endsAt) return false;
		if (permission !== undefined && permission !== request.permission) return false;
		return wasRefused || !sparesBegun || !this.#begun.has(request.deadline);
	}

	/** @param wasSent whether the service received this request */
	#repeat(request: GatedRequest, fault: RememberedFault, wasSent = false): RepeatedFault {
		const isUntried = !wasSent && !this.#begun.has(request.deadline);
		return new RepeatedFault(request.operationName, fault, { isUntried });
	}
}
