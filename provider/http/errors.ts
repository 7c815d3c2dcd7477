/** What the world did to a request. `code` tells the classes apart; messages are for people. */
export type AnyHttpError = NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded | ServiceError;

/** No connection came about, so the service never saw the request. */
export class NotConnected extends Error {
	override readonly name = "NotConnected";
	readonly code = "NotConnected";
	/** Whether another try may fare better; a certificate that isn't trusted stays so. */
	readonly passing: boolean;

	constructor(message: string, passing: boolean, cause: unknown) {
		super(message, { cause });
		this.passing = passing;
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

	constructor(operation: string, budget: number, reason?: string) {
		const why = reason === undefined ? "" : ` Last: ${reason}`;
		super(
			`gave up after ${Math.round(budget / 1000)} s, the time that \`timeouts\` allows for ${operation}.${why}`,
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
	readonly retryAfter?: number | undefined;
}

/** The service answered with an error. */
export class ServiceError extends Error implements ServiceErrorDetails {
	override readonly name = "ServiceError";
	readonly code = "ServiceError";
	readonly status: number;
	readonly serviceCode: string;
	readonly requestId: string | undefined;
	readonly retryAfter: number | undefined;

	constructor(message: string, details: ServiceErrorDetails) {
		super(message);
		this.status = details.status;
		this.serviceCode = details.serviceCode;
		this.requestId = details.requestId;
		this.retryAfter = details.retryAfter;
	}
}

/** Whether the request may have been carried out although no answer says so. */
export function isAmbiguous(error: unknown): boolean {
	if (error instanceof ConnectionLost || error instanceof UnreadableAnswer) return true;
	return error instanceof ServiceError && isServerFault(error.status);
}

/** Statuses by which a service speaks of its own trouble, not of the request (RFC 9110 §15.6, and 408). */
export function isServerFault(status: number): boolean {
	return status >= 500 || status === 408;
}

/** Whether the error tells of one request's fate, and is nobody else's. */
export function isOfOneRequest(
	error: unknown,
): error is NotConnected | ConnectionLost | UnreadableAnswer | DeadlineExceeded {
	return [NotConnected, ConnectionLost, UnreadableAnswer, DeadlineExceeded].some(
		(type) => error instanceof type,
	);
}
