import type { FaultScope } from "../sharedFault.ts";

/** Any error of a request. `code` distinguishes the classes; messages are for people. */
export type HttpError = NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded | ServiceError;

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
): error is NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded {
	return [NotConnected, ConnectionLost, UnreadableAnswer, DeadlineExceeded].some(
		(errorClass) => error instanceof errorClass,
	);
}
