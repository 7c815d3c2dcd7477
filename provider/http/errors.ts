/** What the world did to a request. `code` tells the classes apart; messages are for people. */
export type HttpError = NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded | ServiceError;

/** No connection came about, so the service never saw the request. */
export class NotConnected extends Error {
	override readonly name = "NotConnected";
	readonly code = "NotConnected";
	/** Whether another try may fare better; a certificate that isn't trusted stays so. */
	readonly isTransient: boolean;

	constructor(message: string, passing: boolean, cause: unknown) {
		super(message, { cause });
		this.isTransient = passing;
	}
}

/** The request was sent, or begun, and the connection broke or fell silent before the answer was whole. */
export class ConnectionLost extends Error {
	override readonly name = "ConnectionLost";
	readonly code = "ConnectionLost";

	constructor(message: string, cause?: unknown) {
		super(message, { cause });
	}
}

/** An answer arrived that the service can't have meant: HTML of a proxy, half a JSON text, a redirect. */
export class UnreadableAnswer extends Error {
	override readonly name = "UnreadableAnswer";
	readonly code = "UnreadableAnswer";
	readonly status: number;

	constructor(message: string, status: number) {
		super(message);
		this.status = status;
	}
}

/** The operation's time was over. */
export class DeadlineExceeded extends Error {
	override readonly name = "DeadlineExceeded";
	readonly code = "DeadlineExceeded";

	constructor(operation: string, budgetMs: number, reason?: string) {
		const lastReason = reason === undefined ? "" : ` Last: ${reason}`;
		super(
			`gave up after ${Math.round(budgetMs / 1000)} s, the time that \`timeouts\` allows for ${operation}.${lastReason}`,
		);
	}
}

/** What a service said of an error besides its words. */
export interface ServiceErrorDetails {
	readonly status: number;
	/** The service's own name for the error: `DeviceNotFound`. */
	readonly serviceCode: string;
	/** What the service's support asks for. */
	readonly requestId: string | undefined;
	/** Milliseconds after which the service wants to be asked again, where it says so. */
	readonly retryAfterMs?: number | undefined;
}

/** The service answered with an error. */
export class ServiceError extends Error implements ServiceErrorDetails {
	override readonly name = "ServiceError";
	readonly code = "ServiceError";
	readonly status: number;
	readonly serviceCode: string;
	readonly requestId: string | undefined;
	readonly retryAfterMs: number | undefined;

	constructor(message: string, details: ServiceErrorDetails) {
		super(message);
		this.status = details.status;
		this.serviceCode = details.serviceCode;
		this.requestId = details.requestId;
		this.retryAfterMs = details.retryAfterMs;
	}
}

/** Whether the request may have been carried out although no answer says so. */
export function isOutcomeUnknown(error: unknown): boolean {
	if (error instanceof ConnectionLost || error instanceof UnreadableAnswer) return true;
	return error instanceof ServiceError && isServerErrorStatus(error.status);
}

/** Statuses by which a service speaks of its own trouble, not of the request (RFC 9110 §15.6, and 408). */
export function isServerErrorStatus(status: number): boolean {
	return status >= 500 || status === 408;
}

/** Whether the error tells of one request's fate, and is nobody else's. */
export function isRequestFailure(
	error: unknown,
): error is NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded {
	return [NotConnected, ConnectionLost, UnreadableAnswer, DeadlineExceeded].some(
		(errorClass) => error instanceof errorClass,
	);
}
