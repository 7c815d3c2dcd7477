import type { FaultScope } from "../sharedFault.ts";
import { formatDuration } from "../text/quantities.ts";

/** Any error of a request. `code` distinguishes the classes; messages are for people. */
export type HttpError =
	| NotConnected
	| ConnectionLost
	| UnreadableAnswer
	| DeadlineExceeded
	| LongWaitRequired
	| ServiceError;

/** No connection was established, so the service never received the request. */
export class NotConnected extends Error {
	override readonly name = "NotConnected";
	readonly code = "NotConnected";
	/** Whether a retry may succeed; an untrusted certificate stays untrusted. */
	readonly isTransient: boolean;
	/** What the error concerns. A client removes it if the service responded to another request meanwhile. */
	scope: FaultScope | undefined = "service";

	constructor(message: string, isTransient: boolean, cause: unknown) {
		super(message, { cause });
		this.isTransient = isTransient;
	}
}

/** The request was sent at least in part, and the connection broke or timed out before the response was complete. */
export class ConnectionLost extends Error {
	override readonly name = "ConnectionLost";
	readonly code = "ConnectionLost";

	constructor(message: string, cause?: unknown) {
		super(message, { cause });
	}
}

/** A response arrived that the service cannot have meant: a proxy's HTML, truncated JSON, a redirect. */
export class UnreadableAnswer extends Error {
	override readonly name = "UnreadableAnswer";
	readonly code = "UnreadableAnswer";
	readonly status: number;

	constructor(message: string, status: number) {
		super(message);
		this.status = status;
	}
}

/** The operation ran out of time. */
export class DeadlineExceeded extends Error {
	override readonly name = "DeadlineExceeded";
	readonly code = "DeadlineExceeded";
	/** What the error concerns: all objects if no connection was established before the deadline. */
	scope: FaultScope | undefined;

	constructor(operation: string, budgetMs: number, reason?: string) {
		const lastReason = reason === undefined ? "" : ` Last: ${reason}`;
		super(
			`gave up after ${Math.round(budgetMs / 1000)} s, the time that \`timeouts\` allows for ${operation}.${lastReason}`,
		);
	}
}

/** The time that a {@link LongWaitRequired} exceeds. */
export interface ExceededBudget {
	/** The status of the response that asked for the wait. */
	readonly status: number;
	/** Whether the request would have changed something, and did not. */
	readonly isUnwritten: boolean;
	/** The operation's name: `create`. */
	readonly operation: string;
	/** The setting that allows more time: `iothub:timeouts`. */
	readonly setting: string;
	readonly budgetMs: number;
}

/**
 * The service refused a request and asks to wait longer than the whole operation may take (`Retry-After`, RFC 9110 §10.2.3). It is
 * thrown at once: to wait until the deadline would be in vain.
 */
export class LongWaitRequired extends Error {
	override readonly name = "LongWaitRequired";
	readonly code = "LongWaitRequired";
	/** How long the service asks to wait, in milliseconds. */
	readonly waitMs: number;
	/** A service throttles its clients and not single objects. */
	scope: FaultScope | undefined = "service";

	constructor(waitMs: number, { status, isUnwritten, operation, setting, budgetMs }: ExceededBudget) {
		const wait = formatDuration(waitMs / 1_000);
		super(
			`the service asks to wait ${wait} before the next request (${status} with Retry-After), but \`${setting}\` allows only ` +
				`${formatDuration(budgetMs / 1_000)} for ${operation}.${isUnwritten ? " Nothing was written by this request." : ""} Run the ` +
				`command again in ${wait}, or raise \`${setting}\` above that to let the run wait.`,
		);
		this.waitMs = waitMs;
	}
}

/** Details of a service's error response, besides the message. */
export interface ServiceErrorDetails {
	readonly status: number;
	/** The service's name of the error: `DeviceNotFound`. */
	readonly serviceCode: string;
	/** The id that the service's support asks for. */
	readonly requestId: string | undefined;
	/** The delay after which the service wants a retry; undefined if it gives none. */
	readonly retryAfterMs?: number | undefined;
	/** What the error concerns besides the object of the request. Default: nothing. */
	readonly scope?: FaultScope | undefined;
}

/** The service returned an error response. */
export class ServiceError extends Error implements ServiceErrorDetails {
	override readonly name = "ServiceError";
	readonly code = "ServiceError";
	readonly status: number;
	readonly serviceCode: string;
	readonly requestId: string | undefined;
	readonly retryAfterMs: number | undefined;
	readonly scope: FaultScope | undefined;

	constructor(message: string, details: ServiceErrorDetails) {
		super(message);
		this.status = details.status;
		this.serviceCode = details.serviceCode;
		this.requestId = details.requestId;
		this.retryAfterMs = details.retryAfterMs;
		this.scope = details.scope;
	}
}

/** Whether the request may have been carried out although no response confirms it. */
export function isOutcomeUnknown(error: unknown): boolean {
	if (error instanceof ConnectionLost || error instanceof UnreadableAnswer) return true;
	return error instanceof ServiceError && isServerErrorStatus(error.status);
}

/** Whether the status reports a failure of the service, not of the request (RFC 9110 §15.6, and 408). */
export function isServerErrorStatus(status: number): boolean {
	return status >= 500 || status === 408;
}

/** Whether this one request failed without an error response from the service. Sign-in errors are shared and do not count. */
export function isRequestFailure(
	error: unknown,
): error is NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded | LongWaitRequired {
	return [NotConnected, ConnectionLost, UnreadableAnswer, DeadlineExceeded, LongWaitRequired].some(
		(errorClass) => error instanceof errorClass,
	);
}
