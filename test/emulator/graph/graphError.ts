/** A refusal by Graph itself, or by the Intune service behind it. */
export class GraphError extends Error {
	readonly status: number;
	readonly code: string;
	/** Whether Intune says it, as JSON inside the message. */
	readonly isNested: boolean;
	/** Seconds after which to come back, if the service says so. */
	readonly retryAfter: number | undefined;
	/** Headers of the answer besides the usual ones. */
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

/** What is particular about an error's answer. */
export interface ErrorManner {
	readonly isNested?: boolean;
	readonly retryAfter?: number | undefined;
	readonly headers?: Readonly<Record<string, string>>;
}

/** What Intune says when it says nothing. */
export const NO_DETAIL = "An error has occurred";

/** An error of the Intune service. */
export function createIntuneError(
	status: number,
	code: string,
	text = NO_DETAIL,
	retryAfter?: number,
): GraphError {
	return new GraphError(status, code, text, { isNested: true, retryAfter });
}

/** 400 by Intune. */
export function createBadRequestError(text = NO_DETAIL): GraphError {
	return createIntuneError(400, "BadRequest", text);
}

/** 404 by Intune. */
export function createNotFoundError(): GraphError {
	return createIntuneError(404, "ResourceNotFound");
}

/** 400 by Graph for a request that makes no sense whatever the service behind it. */
export function createMalformedError(text: string): GraphError {
	return new GraphError(400, "BadRequest", text);
}

/** 400 for a path that the metadata does not have. */
export function createUnknownSegmentError(segment: string): GraphError {
	return createMalformedError(`Resource not found for the segment '${segment}'.`);
}
