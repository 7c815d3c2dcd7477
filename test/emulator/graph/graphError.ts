/** An error of Graph itself, or of the Intune service behind it. */
export class GraphError extends Error {
	readonly status: number;
	readonly code: string;
	/** Whether it is Intune's error, as JSON inside the message. */
	readonly isNested: boolean;
	/** The Retry-After in seconds, if the service sends one. */
	readonly retryAfter: number | undefined;
	/** Headers of the response besides the usual ones. */
	readonly headers: Readonly<Record<string, string>>;

	constructor(status: number, code: string, text: string, how: ErrorManner = {}) {
		super(text);
		this.status = status;
		this.code = code;
		this.isNested = how.isNested ?? false;
		this.retryAfter = how.retryAfter;
		this.headers = how.headers ?? {};
	}
}

/** The properties of an error's response. */
export interface ErrorManner {
	readonly isNested?: boolean;
	readonly retryAfter?: number | undefined;
	readonly headers?: Readonly<Record<string, string>>;
}

/** Intune's message without any details. */
export const NO_DETAIL = "An error has occurred";

/** Creates an error of the Intune service. */
export function createIntuneError(
	status: number,
	code: string,
	text = NO_DETAIL,
	retryAfter?: number,
): GraphError {
	return new GraphError(status, code, text, { isNested: true, retryAfter });
}

/** Creates a 400 of Intune. */
export function createBadRequestError(text = NO_DETAIL): GraphError {
	return createIntuneError(400, "BadRequest", text);
}

/** Creates a 404 of Intune. */
export function createNotFoundError(): GraphError {
	return createIntuneError(404, "ResourceNotFound");
}

/** Creates a 400 of Graph for a request that is invalid for every service. */
export function createMalformedError(text: string): GraphError {
	return new GraphError(400, "BadRequest", text);
}

/** Creates a 400 for a path that the metadata does not have. */
export function createUnknownSegmentError(segment: string): GraphError {
	return createMalformedError(`Resource not found for the segment '${segment}'.`);
}
