import type { ServiceError } from "../http/errors.ts";
import { failure } from "../http/failure.ts";
import { members, textOf } from "../http/json.ts";
import { jsonOf } from "../http/legible.ts";
import type { Policy, Response } from "../http/message.ts";

/** An error as Graph tells it, whatever it is wrapped in. */
export interface Fault {
	readonly status: number;
	/** `ResourceNotFound`; empty where there is none. */
	readonly code: string;
	/** The words, without what only a machine reads. */
	readonly text: string;
	/** Whether the write waits for another administrator's approval (Multi Admin Approval). */
	readonly awaitsApproval: boolean;
}

/** Who was asked for what, for the error's text. */
export interface Asked {
	/** `reading machine "5CG1234ABC"` */
	readonly what: string;
	/** What can be done about it, in a sentence. */
	remedy(fault: Fault): string;
}

/** The service code of a write that waits for an approval, whatever status and code it was answered with. */
export const AWAITS_APPROVAL = "ApprovalRequired";

/** Reads an error out of Graph's envelope, and out of Intune's own in it. */
export function graphError(response: Response, { what, remedy }: Asked): ServiceError {
	const fault = faultOf(response);
	const { text, code, awaitsApproval } = fault;
	const requestId = response.headers["request-id"] ?? requestIdIn(envelope(response));
	const told = { what, text, code, requestId, remedy: remedy(fault) };
	return failure(response, { ...told, serviceCode: awaitsApproval ? AWAITS_APPROVAL : code });
}

/** Hands on the wait that Intune tells inside its own error, where there is no Retry-After header. */
export function nestedRetryAfter(): Policy {
	return (next) => async (request) => {
		const response = await next(request);
		if (response.status < 400 || response.headers["retry-after"] !== undefined) return response;
		const seconds = secondsIn(nestedIn(textOf(envelope(response)["message"]) ?? "")["RetryAfter"]);
		if (seconds === undefined) return response;
		return { ...response, headers: { ...response.headers, "retry-after": String(seconds) } };
	};
}

/** Whole seconds, as the header wants them; none for a text that is no number, and for what is no wait. */
function secondsIn(value: unknown): number | undefined {
	const seconds = typeof value === "string" && value !== "" ? Number(value) : value;
	return typeof seconds === "number" && seconds > 0 && Number.isFinite(seconds)
		? Math.ceil(seconds)
		: undefined;
}

/**
 * A hash that Graph refuses comes back in its message: `Cannot convert the literal '<hash>' to …`. Where that message is
 * JSON in JSON and was cut, the quotes may be escaped and the last one missing.
 */
const LITERAL = /literal (?:'|\\u0027)[\s\S]*?(?:'|\\u0027|$)/gi;

function faultOf(response: Response): Fault {
	const { status } = response;
	const { code, message } = envelope(response);
	const text = wordsOf(textOf(message) ?? "").replace(LITERAL, "literal '[secret]'");
	const said =
		text === "" && jsonOf(response) === undefined && response.text !== "" ? "the answer is no JSON" : text;
	const awaitsApproval = response.headers["x-msft-approval-code"] !== undefined || code === AWAITS_APPROVAL;
	return { status, code: textOf(code) ?? "", text: said, awaitsApproval };
}

/** `Message` of Intune's nested error up to where the ids and addresses of its support begin. */
function wordsOf(message: string): string {
	const nested = textOf(nestedIn(message)["Message"]);
	return (nested ?? message).split(" - Operation ID")[0]?.trim() ?? "";
}

function nestedIn(message: string): Readonly<Record<string, unknown>> {
	return message.trimStart().startsWith("{")
		? members(jsonOf({ status: 0, headers: {}, text: message }))
		: {};
}

function envelope(response: Response): Readonly<Record<string, unknown>> {
	return members(members(jsonOf(response))["error"]);
}

/** Graph's own id of the request, else the one of Intune behind it, which says it in its words. */
function requestIdIn({ innerError, message }: Readonly<Record<string, unknown>>): string | undefined {
	const [, activity] = /Activity ID: ([0-9a-f-]{36})/i.exec(textOf(message) ?? "") ?? [];
	return textOf(members(innerError)["request-id"]) ?? activity;
}
