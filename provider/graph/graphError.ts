import type { ServiceError } from "../http/errors.ts";
import { createServiceError } from "../http/failure.ts";
import { asObject, asString } from "../http/json.ts";
import { parseJsonBody } from "../http/legible.ts";
import type { PipelinePolicy, HttpResponse } from "../http/message.ts";

/** An error as Graph tells it, whatever it is wrapped in. */
export interface GraphErrorInfo {
	readonly status: number;
	/** `ResourceNotFound`; empty where there is none. */
	readonly code: string;
	/** The words, without what only a machine reads. */
	readonly message: string;
	/** Whether the write waits for another administrator's approval (Multi Admin Approval). */
	readonly awaitsApproval: boolean;
}

/** Who was asked for what, for the error's text. */
export interface GraphErrorContext {
	/** `reading machine "5CG1234ABC"` */
	readonly operationName: string;
	/** What can be done about it, in a sentence. */
	suggestRemedy(error: GraphErrorInfo): string;
}

/** The service code of a write that waits for an approval, whatever status and code it was answered with. */
export const APPROVAL_REQUIRED = "ApprovalRequired";

/** Reads an error out of Graph's envelope, and out of Intune's own in it. */
export function parseGraphError(response: HttpResponse, { operationName, suggestRemedy }: GraphErrorContext): ServiceError {
	const error = parseErrorInfo(response);
	const { message, code, awaitsApproval } = error;
	const requestId = response.headers["request-id"] ?? findRequestId(readErrorEnvelope(response));
	const context = { operationName, text: message, code, requestId, remedy: suggestRemedy(error) };
	return createServiceError(response, { ...context, serviceCode: awaitsApproval ? APPROVAL_REQUIRED : code });
}

/** Hands on the wait that Intune tells inside its own error, where there is no Retry-After header. */
export function copyNestedRetryAfter(): PipelinePolicy {
	return (next) => async (request) => {
		const response = await next(request);
		if (response.status < 400 || response.headers["retry-after"] !== undefined) return response;
		const seconds = parseSeconds(parseNestedError(asString(readErrorEnvelope(response)["message"]) ?? "")["RetryAfter"]);
		if (seconds === undefined) return response;
		return { ...response, headers: { ...response.headers, "retry-after": String(seconds) } };
	};
}

/** Whole seconds, as the header wants them; none for a text that is no number, and for what is no wait. */
function parseSeconds(value: unknown): number | undefined {
	const seconds = typeof value === "string" && value !== "" ? Number(value) : value;
	return typeof seconds === "number" && seconds > 0 && Number.isFinite(seconds)
		? Math.ceil(seconds)
		: undefined;
}

/**
 * A hash that Graph refuses comes back in its message: `Cannot convert the literal '<hash>' to …`. Where that message is
 * JSON in JSON and was cut, the quotes may be escaped and the last one missing.
 */
const REFUSED_LITERAL = /literal (?:'|\\u0027)[\s\S]*?(?:'|\\u0027|$)/gi;

function parseErrorInfo(response: HttpResponse): GraphErrorInfo {
	const { status } = response;
	const { code, message } = readErrorEnvelope(response);
	const text = extractMessage(asString(message) ?? "").replace(REFUSED_LITERAL, "literal '[secret]'");
	const shownText =
		text === "" && parseJsonBody(response) === undefined && response.text !== "" ? "the answer is no JSON" : text;
	const awaitsApproval = response.headers["x-msft-approval-code"] !== undefined || code === APPROVAL_REQUIRED;
	return { status, code: asString(code) ?? "", message: shownText, awaitsApproval };
}

/** `Message` of Intune's nested error up to where the ids and addresses of its support begin. */
function extractMessage(message: string): string {
	const nestedMessage = asString(parseNestedError(message)["Message"]);
	return (nestedMessage ?? message).split(" - Operation ID")[0]?.trim() ?? "";
}

function parseNestedError(message: string): Readonly<Record<string, unknown>> {
	return message.trimStart().startsWith("{")
		? asObject(parseJsonBody({ status: 0, headers: {}, text: message }))
		: {};
}

function readErrorEnvelope(response: HttpResponse): Readonly<Record<string, unknown>> {
	return asObject(asObject(parseJsonBody(response))["error"]);
}

/** Graph's own id of the request, else the one of Intune behind it, which says it in its words. */
function findRequestId({ innerError, message }: Readonly<Record<string, unknown>>): string | undefined {
	const [, activityId] = /Activity ID: ([0-9a-f-]{36})/i.exec(asString(message) ?? "") ?? [];
	return asString(asObject(innerError)["request-id"]) ?? activityId;
}
