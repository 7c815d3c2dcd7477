import { ServiceError } from "../http/errors.ts";
import type { HttpResponse, PipelinePolicy } from "../http/pipeline.ts";
import { createServiceError, parseJsonBody } from "../http/response.ts";
import { asObject, asString } from "../values.ts";

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
export function parseGraphError(
	response: HttpResponse,
	{ operationName, suggestRemedy }: GraphErrorContext,
): ServiceError {
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
		const seconds = parseSeconds(
			parseNestedError(asString(readErrorEnvelope(response)["message"]) ?? "")["RetryAfter"],
		);
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
		text === "" && parseJsonBody(response) === undefined && response.text !== ""
			? "the answer is no JSON"
			: text;
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

/** Who asked whom for what, as far as it matters for what to do. */
export interface RemedyContext {
	readonly isWrite: boolean;
	/** Who we are: `Microsoft Entra identity (oidc)`. */
	readonly identity: string;
	readonly origin: string;
}

/** A request that was approved must be sent again with a code, by whoever asked for it; a deployment can't wait for that. */
const APPROVAL_ADVICE =
	"The tenant has Multi Admin Approval, under which another administrator must approve of each write: exclude this " +
	"application from the access policy (Intune, Tenant administration, Multi Admin Approval), or have the change made by " +
	"hand and run the command again.";

/** Whether a tenant with Multi Admin Approval says that it wants to be told why. */
export function needsJustification(text: string): boolean {
	return /x-msft-approval-justification/i.test(text);
}

/** What to do about an error, in a sentence; empty where there is nothing to say. */
export function suggestRemedy(
	{ status, code, message, awaitsApproval }: GraphErrorInfo,
	{ isWrite, identity, origin }: RemedyContext,
): string {
	if (awaitsApproval || (status === 409 && /approval request/i.test(message))) return APPROVAL_ADVICE;
	if (needsJustification(message))
		return `Set autopilot:approvalJustification to the reason. ${APPROVAL_ADVICE}`;
	if (status === 403) {
		const permission = isWrite
			? "DeviceManagementServiceConfig.ReadWrite.All"
			: "DeviceManagementServiceConfig.Read.All (or ReadWrite.All)";
		return (
			`The ${identity} needs the Microsoft Graph application permission ${permission}, with an administrator's consent, ` +
			"in a tenant with an Intune license; a new permission counts from the next token on."
		);
	}
	if (status === 401) {
		return `The token of the ${identity} was not taken by ${origin}; autopilot:cloud must be the cloud of the tenant.`;
	}
	if (code === "No method match route template" || /^Resource not found for the segment/.test(message)) {
		return "This service does not have that route; autopilot:strategy live uses the ones that Graph serves today.";
	}
	return "";
}

/** The service code with which Intune refuses a write while it changes the object itself. */
const CONTENTION_CODE = "ConditionNotMet";

/** Whether the service itself said that the object does not exist; a proxy's 404 proves nothing. */
export function isNotFound(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 404 && error.serviceCode === "ResourceNotFound";
}

/** Whether the service refused the request as malformed, or by a rule that it does not name. */
export function isBadRequest(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 400;
}

/** Whether Intune refused a write because it was changing the object itself; the If-Match header was not the reason. */
export function isContention(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 412 && error.serviceCode === CONTENTION_CODE;
}

/** Whether the object has another etag by now than the write was meant for. */
export function isEtagMismatch(error: unknown): error is ServiceError {
	if (!(error instanceof ServiceError) || error.status !== 412) return false;
	return error.serviceCode !== CONTENTION_CODE && error.serviceCode !== APPROVAL_REQUIRED;
}
