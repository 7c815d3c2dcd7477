import { ServiceError } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { jsonOf } from "../http/legible.ts";
import type { Policy, Response } from "../http/message.ts";
import { redact } from "../http/redact.ts";
import { retryAfter } from "../http/retryAfter.ts";

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

/** Reads an error out of Graph's envelope, and out of Intune's own in it. */
export function graphError(response: Response, { what, remedy }: Asked): ServiceError {
	const { status, headers } = response;
	const fault = faultOf(response);
	const requestId = headers["request-id"] ?? requestIdIn(response);
	const said = fault.text === "" ? "" : `: ${redact(fault.text)}`;
	const tags = [`${status}`, fault.code, requestId && `request id ${requestId}`].filter(Boolean).join(", ");
	return new ServiceError(`${what} failed${said} (${tags}). ${remedy(fault)}`.trimEnd(), {
		status,
		serviceCode: fault.code,
		requestId,
		retryAfter: retryAfter(response, Date.now()),
	});
}

/** Hands on the wait that Intune tells inside its own error, where there is no Retry-After header. */
export function nestedRetryAfter(): Policy {
	return (next) => async (request) => {
		const response = await next(request);
		if (response.status < 400 || response.headers["retry-after"] !== undefined) return response;
		const seconds = nestedIn(textOf(envelope(response)["message"]) ?? "")["RetryAfter"];
		if (typeof seconds !== "number" && typeof seconds !== "string") return response;
		return { ...response, headers: { ...response.headers, "retry-after": String(seconds) } };
	};
}

/** A hash that Graph refuses comes back in its message: `Cannot convert the literal '<hash>' to …`. */
const LITERAL = /literal '[^']*'?/g;

function faultOf(response: Response): Fault {
	const { status } = response;
	const { code, message } = envelope(response);
	const text = wordsOf(textOf(message) ?? "").replace(LITERAL, "literal '[secret]'");
	const said =
		text === "" && jsonOf(response) === undefined && response.text !== "" ? "the answer is no JSON" : text;
	const awaitsApproval =
		response.headers["x-msft-approval-code"] !== undefined || code === "ApprovalRequired";
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

function requestIdIn(response: Response): string | undefined {
	return textOf(members(envelope(response)["innerError"])["request-id"]);
}
