import { randomUUID } from "node:crypto";
import { type Answer, createJsonAnswer } from "../http/answer.ts";
import { type CallHead, getHeader } from "../http/call.ts";
import type { GraphError } from "./graphError.ts";

/** The address of Intune's enrollment service in its errors. */
const SERVICE =
	"https://fef.msub02.manage.microsoft.com/DeviceEnrollmentFE/StatelessDeviceEnrollmentFEService/";

/** Creates the response to a rejected request ("Microsoft Graph error responses and resource types"). */
export function createGraphErrorAnswer(error: GraphError, trace: Trace): Answer {
	const { code, status, retryAfter, headers } = error;
	const message = error.isNested ? nestMessage(error, trace) : error.message;
	const body = { error: { code, message, innerError: createInnerError(trace) } };
	const wait = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
	return createJsonAnswer(status, body, { ...headers, ...wait });
}

function createInnerError({ now, requestId, clientRequestId }: Trace): object {
	const date = new Date(now).toISOString().slice(0, 19);
	return { date, "request-id": requestId, "client-request-id": clientRequestId };
}

/** Returns Intune's own error object, which Graph passes on as text (microsoftgraph/microsoft-graph-docs-contrib#1955). */
function nestMessage({ message }: GraphError, { requestId, target }: Trace): string {
	const url = `${SERVICE}${escapeKeys(target)}?api-version=5022-03-28`;
	const operation = "Operation ID (for customer support): 00000000-0000-0000-0000-000000000000";
	const detail = {
		_version: 3,
		Message: `${message} - ${operation} - Activity ID: ${requestId} - Url: ${url}`,
		CustomApiErrorPhrase: "",
		RetryAfter: null,
		ErrorSourceService: "",
		HttpHeaders: "{}",
	};
	return JSON.stringify(detail, null, 2).replaceAll("\n", "\r\n");
}

function escapeKeys(target: string): string {
	return target.replaceAll("(", "%28").replaceAll(")", "%29").replaceAll("'", "%27");
}

/** The ids and the time of one exchange, in headers and errors. */
export interface Trace {
	readonly requestId: string;
	/** The caller's own id, or the request id if the caller gave none. */
	readonly clientRequestId: string;
	/** Virtual milliseconds since 1970. */
	readonly now: number;
	/** The request as the Intune service behind Graph sees it: `deviceManagement/windowsAutopilotDeviceIdentities('…')`. */
	readonly target: string;
}

/** Creates the trace of a request. */
export function createTrace(head: CallHead, now: number, target: string): Trace {
	const requestId = randomUUID();
	return { requestId, clientRequestId: getHeader(head, "client-request-id") ?? requestId, now, target };
}
