import { randomUUID } from "node:crypto";
import { type CallHead, getHeader } from "../http/call.ts";

/** What tells one exchange from another, in headers and errors. */
export interface Trace {
	readonly requestId: string;
	/** The caller's own id, or the request id where he gave none. */
	readonly clientRequestId: string;
	/** Virtual milliseconds since 1970. */
	readonly now: number;
	/** The request as the Intune service behind Graph sees it: `deviceManagement/windowsAutopilotDeviceIdentities('…')`. */
	readonly target: string;
}

/** Opens the trace of a request. */
export function traceOf(head: CallHead, now: number, target: string): Trace {
	const requestId = randomUUID();
	return { requestId, clientRequestId: getHeader(head, "client-request-id") ?? requestId, now, target };
}
