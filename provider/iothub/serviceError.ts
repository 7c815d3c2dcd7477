import type { ServiceError } from "../http/errors.ts";
import { createServiceError } from "../http/failure.ts";
import { parseJsonBody } from "../http/legible.ts";
import type { HttpResponse } from "../http/message.ts";
import { ERROR_CODE_NAMES } from "./errorNames.ts";

/** Who was asked for what, for the error's text. */
export interface HubErrorContext {
	/** `creating device "gw-1" in hub fleet.azure-devices.net` */
	readonly operationName: string;
	/** What can be done about it, in a sentence. */
	suggestRemedy(error: HubErrorInfo): string;
}

/** What a service said of an error. */
export interface HubErrorInfo {
	readonly status: number;
	/** The service's own name for the error; empty where it gave none. */
	readonly code: string;
	/** The service's own words, as they came. */
	readonly message: string;
}

/** Reads an error out of any of the envelopes that IoT Hub and the gateways before it use. */
export function parseHubError(response: HttpResponse, { operationName, suggestRemedy }: HubErrorContext): ServiceError {
	const { status, headers } = response;
	const { name, text } = parseErrorBody(response);
	const serviceCode = headers["iothub-errorcode"] ?? name ?? "";
	const requestId = headers["x-ms-request-id"];
	const error = { status, code: serviceCode, message: text };
	return createServiceError(response, { operationName, text, serviceCode, requestId, remedy: suggestRemedy(error) });
}

interface ErrorBody {
	readonly name?: string | undefined;
	readonly text: string;
}

/**
 * `{"Message":"ErrorCode:<Name>;<text>"}`, `{"errorCode":404001,"message":"…"}`, or the second as text inside the
 * first; anything else is not the service's and is not repeated.
 */
function parseErrorBody(response: HttpResponse): ErrorBody {
	const body = parseJsonBody(response);
	if (typeof body !== "object" || body === null)
		return { text: response.text === "" ? "" : "the answer is no JSON" };
	return parseNumericEnvelope(body) ?? parseMessageEnvelope(body) ?? { text: "" };
}

function parseMessageEnvelope(body: object): ErrorBody | undefined {
	const message = "Message" in body ? body.Message : undefined;
	if (typeof message !== "string") return undefined;
	const inner = message.trimStart().startsWith("{")
		? parseJsonBody({ status: 0, headers: {}, text: message })
		: undefined;
	if (typeof inner === "object" && inner !== null) return parseNumericEnvelope(inner) ?? { text: "" };
	const [, name, text] = /^ErrorCode:(\w+);([\s\S]*)$/.exec(message) ?? [];
	return { name, text: text ?? message };
}

function parseNumericEnvelope(body: object): ErrorBody | undefined {
	const code = "errorCode" in body ? Number(body.errorCode) : Number.NaN;
	if (!Number.isInteger(code)) return undefined;
	const text = "message" in body && typeof body.message === "string" ? body.message : "";
	return { name: ERROR_CODE_NAMES[code], text };
}
