import { ServiceError } from "../http/errors.ts";
import type { HttpResponse, PipelinePolicy } from "../http/pipeline.ts";
import { createServiceError, parseJson } from "../http/response.ts";
import type { FaultScope } from "../sharedFault.ts";
import { asObject, asString } from "../values.ts";

/** An error reported by Graph, without its envelopes. */
export interface GraphErrorInfo {
	readonly status: number;
	/** The error code, such as `ResourceNotFound`; empty if there is none. */
	readonly code: string;
	/** The message, without ids and addresses for support. */
	readonly message: string;
	/** Whether the write waits for another administrator's approval (Multi Admin Approval). */
	readonly awaitsApproval: boolean;
}

/** Context for the error message. */
export interface GraphErrorContext {
	/** The operation's name: `reading machine "5CG1234ABC"`. */
	readonly operationName: string;
	/** Returns a sentence that says what to do about the error; empty if no remedy is known. */
	suggestRemedy(error: GraphErrorInfo): string;
	/** Returns what the error concerns besides the machine. */
	findScope(error: GraphErrorInfo): FaultScope | undefined;
}

/** The service code of a write that waits for an approval, whatever the status and code of the response. */
export const APPROVAL_REQUIRED = "ApprovalRequired";

/** Parses Graph's error envelope, and Intune's inside it. */
export function parseGraphError(
	response: HttpResponse,
	{ operationName, suggestRemedy, findScope }: GraphErrorContext,
): ServiceError {
	const error = parseErrorInfo(response);
	const { message, code, awaitsApproval } = error;
	const requestId = response.headers["request-id"] ?? findRequestId(readErrorEnvelope(response));
	const scope = findScope(error);
	const context = { operationName, text: message, code, requestId, remedy: suggestRemedy(error), scope };
	return createServiceError(response, { ...context, serviceCode: awaitsApproval ? APPROVAL_REQUIRED : code });
}

/** Copies the retry delay from Intune's nested error into the Retry-After header if the response has none. */
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

/** Returns whole seconds, as the header requires; undefined for a value that is not a positive number. */
function parseSeconds(value: unknown): number | undefined {
	const seconds = typeof value === "string" && value !== "" ? Number(value) : value;
	return typeof seconds === "number" && seconds > 0 && Number.isFinite(seconds)
		? Math.ceil(seconds)
		: undefined;
}

/**
 * Matches a value that Graph refuses and repeats in its message, possibly a hash: `Cannot convert the literal '<hash>' to …`.
 * If that message is JSON in JSON and was cut, the quotes can be escaped and the last one missing.
 */
const REFUSED_LITERAL = /literal (?:'|\\u0027)[\s\S]*?(?:'|\\u0027|$)/gi;

function parseErrorInfo(response: HttpResponse): GraphErrorInfo {
	const { status } = response;
	const { code, message } = readErrorEnvelope(response);
	const text = extractMessage(asString(message) ?? "").replace(REFUSED_LITERAL, "literal '[secret]'");
	const shownText =
		text === "" && parseJson(response.text) === undefined && response.text !== ""
			? "the response is not JSON"
			: text;
	const awaitsApproval = response.headers["x-msft-approval-code"] !== undefined || code === APPROVAL_REQUIRED;
	return { status, code: asString(code) ?? "", message: shownText, awaitsApproval };
}

/** Extracts `Message` of Intune's nested error, without the ids and addresses for support at its end. */
function extractMessage(message: string): string {
	const nestedMessage = asString(parseNestedError(message)["Message"]);
	return (nestedMessage ?? message).split(" - Operation ID")[0]?.trim() ?? "";
}

function parseNestedError(message: string): Readonly<Record<string, unknown>> {
	return message.trimStart().startsWith("{") ? asObject(parseJson(message)) : {};
}

function readErrorEnvelope(response: HttpResponse): Readonly<Record<string, unknown>> {
	return asObject(asObject(parseJson(response.text))["error"]);
}

/** Finds Graph's request id, or else the activity id in Intune's message. */
function findRequestId({ innerError, message }: Readonly<Record<string, unknown>>): string | undefined {
	const [, activityId] = /Activity ID: ([0-9a-f-]{36})/i.exec(asString(message) ?? "") ?? [];
	return asString(asObject(innerError)["request-id"]) ?? activityId;
}

/** Properties of the request that a remedy depends on. */
export interface RemedyContext {
	readonly isWrite: boolean;
	/** The identity that signed the request: `Microsoft Entra identity (oidc)`. */
	readonly identity: string;
	readonly origin: string;
}

/** The remedy if a write needs approval. An approved request must be sent again with a code, which a deployment cannot wait for. */
const APPROVAL_ADVICE =
	"The tenant has Multi Admin Approval, so another administrator must approve each write. Exclude this application from the " +
	"access policy (Intune, Tenant administration, Multi Admin Approval), or have an administrator make the change by hand and " +
	"run the command again.";

/** Whether the message requires the justification of a tenant with Multi Admin Approval. */
export function needsJustification(text: string): boolean {
	return /x-msft-approval-justification/i.test(text);
}

/** Returns what an error concerns besides the machine: all machines share the token, the permission and the approval. */
export function findScope(error: GraphErrorInfo): FaultScope | undefined {
	const isOfAllMachines =
		error.status === 401 ||
		error.status === 403 ||
		isAwaitingApproval(error) ||
		needsJustification(error.message);
	return isOfAllMachines ? "service" : undefined;
}

function isAwaitingApproval({ status, message, awaitsApproval }: GraphErrorInfo): boolean {
	return awaitsApproval || (status === 409 && /approval request/i.test(message));
}

/** Returns a sentence that says what to do about an error; empty if no remedy is known. */
export function suggestRemedy(error: GraphErrorInfo, { isWrite, identity, origin }: RemedyContext): string {
	const { status, code, message } = error;
	if (isAwaitingApproval(error)) return APPROVAL_ADVICE;
	if (needsJustification(message))
		return `Set autopilot:approvalJustification to the reason. ${APPROVAL_ADVICE}`;
	if (status === 403) {
		const permission = isWrite
			? "DeviceManagementServiceConfig.ReadWrite.All"
			: "DeviceManagementServiceConfig.Read.All (or ReadWrite.All)";
		return (
			`The ${identity} needs the Microsoft Graph application permission ${permission} with administrator consent, ` +
			"in a tenant with an Intune license. A new permission takes effect with the next token."
		);
	}
	if (status === 401) {
		return `${origin} did not accept the token of the ${identity}; autopilot:cloud must be the cloud of the tenant.`;
	}
	if (code === "No method match route template" || /^Resource not found for the segment/.test(message)) {
		return "This service does not have that route. Set autopilot:strategy to live, which uses the routes that Graph serves today.";
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

/** Whether the service refused a write because the object no longer has the etag of its If-Match header. */
export function isEtagMismatch(error: unknown): error is ServiceError {
	if (!(error instanceof ServiceError) || error.status !== 412) return false;
	return error.serviceCode !== CONTENTION_CODE && error.serviceCode !== APPROVAL_REQUIRED;
}
