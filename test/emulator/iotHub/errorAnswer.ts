import { randomUUID } from "node:crypto";
import { type Answer, createJsonAnswer, type ScriptedError } from "../http/answer.ts";
import { createThrottledError, ERROR_NUMBERS, type HubError } from "./hubError.ts";
import type { Switches } from "./switches.ts";

/** The time of an error, and the format of its tracking id. */
export interface ErrorScene {
	/** Virtual milliseconds since 1970. */
	readonly now: number;
	readonly wire: Switches["wire"];
}

/** Creates the response to a rejected request. Its tracking id is the request id without the dashes, as recorded. */
export function createHubErrorAnswer(error: HubError, scene: ErrorScene): Answer {
	const requestId = randomUUID();
	const headers = { "iothub-errorcode": error.code, "x-ms-request-id": requestId };
	const body =
		error.envelope === "classic"
			? formatClassicError(error, requestId, scene)
			: formatNumberedError(error, requestId, scene);
	return createJsonAnswer(
		error.status,
		body,
		error.status === 429 ? { ...headers, connection: "close" } : headers,
	);
}

function formatClassicError(error: HubError, requestId: string, scene: ErrorScene): object {
	return {
		Message: `ErrorCode:${error.code};${error.message}`,
		ExceptionMessage: `Tracking ID:${createTrackingId(requestId, scene)}`,
	};
}

function formatNumberedError(error: HubError, requestId: string, scene: ErrorScene): object {
	return {
		errorCode: ERROR_NUMBERS[error.code],
		message: error.message,
		trackingId: createTrackingId(requestId, scene),
		timestampUtc: new Date(scene.now).toISOString(),
	};
}

/** Returns a tracking id: the request id without dashes, and the time in the format of the wire. */
export function createTrackingId(requestId: string, { now, wire }: ErrorScene): string {
	const id = requestId.replaceAll("-", "");
	const iso = new Date(now).toISOString();
	if (wire === "2026") return `${id}-G2:-TimeStamp:${iso.slice(0, -1)}000000Z`;
	const [date = "", time = ""] = iso.split("T");
	const [year, month, day] = date.split("-");
	return `${id}-G:12-TimeStamp:${month}/${day}/${year} ${time.slice(0, 8)}`;
}

/** The hub's default code and text of each status. */
const USUAL: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
	429: { code: "ThrottlingBacklogTimeout", message: createThrottledError().message },
	500: { code: "ServerError", message: "InternalServerError" },
	503: { code: "ServiceUnavailable", message: "ServiceUnavailable" },
};

/** Creates an error in the hub's envelope with any status, code and text. */
export function createScriptedError(status: number, error: ScriptedError, scene: ErrorScene): Answer {
	const usual = USUAL[status] ?? { code: "ServerError", message: `Scripted answer ${status}` };
	const { code, message } = { ...usual, ...error };
	const requestId = randomUUID();
	return createJsonAnswer(
		status,
		{
			Message: `ErrorCode:${code};${message}`,
			ExceptionMessage: `Tracking ID:${createTrackingId(requestId, scene)}`,
		},
		{
			"iothub-errorcode": code,
			"x-ms-request-id": requestId,
			...(status === 429 && { connection: "close" }),
		},
	);
}
