import type { ServiceError } from "../http/errors.ts";
import { failure } from "../http/failure.ts";
import { jsonOf } from "../http/legible.ts";
import type { Response } from "../http/message.ts";
import { ERROR_NAMES } from "./errorNames.ts";

/** Who was asked for what, for the error's text. */
export interface Asked {
	/** `creating device "gw-1" in hub fleet.azure-devices.net` */
	readonly what: string;
	/** What can be done about it, in a sentence. */
	remedy(said: Said): string;
}

/** What a service said of an error. */
export interface Said {
	readonly status: number;
	/** The service's own name for the error; empty where it gave none. */
	readonly code: string;
	/** The service's own words, as they came. */
	readonly text: string;
}

/** Reads an error out of any of the envelopes that IoT Hub and the gateways before it use. */
export function serviceError(response: Response, { what, remedy }: Asked): ServiceError {
	const { status, headers } = response;
	const { name, text } = contentOf(response);
	const serviceCode = headers["iothub-errorcode"] ?? name ?? "";
	const requestId = headers["x-ms-request-id"];
	const said = { status, code: serviceCode, text };
	return failure(response, { what, text, serviceCode, requestId, remedy: remedy(said) });
}

interface Content {
	readonly name?: string | undefined;
	readonly text: string;
}

/**
 * `{"Message":"ErrorCode:<Name>;<text>"}`, `{"errorCode":404001,"message":"…"}`, or the second as text inside the
 * first; anything else is not the service's and is not repeated.
 */
function contentOf(response: Response): Content {
	const body = jsonOf(response);
	if (typeof body !== "object" || body === null)
		return { text: response.text === "" ? "" : "the answer is no JSON" };
	return numbered(body) ?? classic(body) ?? { text: "" };
}

function classic(body: object): Content | undefined {
	const message = "Message" in body ? body.Message : undefined;
	if (typeof message !== "string") return undefined;
	const inner = message.trimStart().startsWith("{")
		? jsonOf({ status: 0, headers: {}, text: message })
		: undefined;
	if (typeof inner === "object" && inner !== null) return numbered(inner) ?? { text: "" };
	const [, name, text] = /^ErrorCode:(\w+);([\s\S]*)$/.exec(message) ?? [];
	return { name, text: text ?? message };
}

function numbered(body: object): Content | undefined {
	const code = "errorCode" in body ? Number(body.errorCode) : Number.NaN;
	if (!Number.isInteger(code)) return undefined;
	const text = "message" in body && typeof body.message === "string" ? body.message : "";
	return { name: ERROR_NAMES[code], text };
}
