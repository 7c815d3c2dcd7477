import { randomUUID } from "node:crypto";
import { type Answer, createJsonAnswer } from "../http/answer.ts";
import type { ScriptedError } from "../http/service.ts";
import { type ErrorScene, trackingId } from "./errorAnswer.ts";
import { createThrottledError } from "./throttled.ts";

/** The code and text that the hub gives to a status when the test names none. */
const USUAL: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
	429: { code: "ThrottlingBacklogTimeout", message: createThrottledError().message },
	500: { code: "ServerError", message: "InternalServerError" },
	503: { code: "ServiceUnavailable", message: "ServiceUnavailable" },
};

/** An error in the hub's envelope with any status, code and text. */
export function scriptedError(status: number, error: ScriptedError, scene: ErrorScene): Answer {
	const usual = USUAL[status] ?? { code: "ServerError", message: `Scripted answer ${status}` };
	const { code, message } = { ...usual, ...error };
	const requestId = randomUUID();
	return createJsonAnswer(
		status,
		{
			Message: `ErrorCode:${code};${message}`,
			ExceptionMessage: `Tracking ID:${trackingId(requestId, scene)}`,
		},
		{
			"iothub-errorcode": code,
			"x-ms-request-id": requestId,
			...(status === 429 && { connection: "close" }),
		},
	);
}
