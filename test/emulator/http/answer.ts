import type { ServerResponse } from "node:http";
import type { Call, CallHead } from "./call.ts";

/** A response to the client. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** The body as a string, "" for none. */
	readonly body: string;
}

/** Creates a JSON response with the content type of the services. */
export function createJsonAnswer(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
	return {
		status,
		headers: { "content-type": "application/json; charset=utf-8", ...headers },
		body: JSON.stringify(value),
	};
}

/** Creates a response without a body and content type. */
export function createEmptyAnswer(status: number, headers: Answer["headers"] = {}): Answer {
	return { status, headers, body: "" };
}

/** Creates an HTML page, as proxies and HTTP.sys send in place of the service. */
export function createHtmlAnswer(status: number, title: string): Answer {
	return {
		status,
		headers: { "content-type": "text/html; charset=us-ascii" },
		body: `<!DOCTYPE HTML><HTML><HEAD><TITLE>${title}</TITLE></HEAD>\r\n<BODY><h2>${title}</h2>\r\n<hr><p>HTTP Error ${status}.</p></BODY></HTML>\r\n`,
	};
}

/** One emulated service: the hub, the token issuer, Graph. */
export interface Service {
	/** The name under which its requests are logged. */
	readonly name: string;
	/** Whether its request bodies contain credentials and are not logged. Default: false. */
	readonly hidesBodies?: true;
	/** Returns whether a request is for this service. */
	owns(head: CallHead): boolean;
	/** Returns the route's name in the service's reference, such as `PUT /devices/{id}`, or undefined. */
	route(head: CallHead): string | undefined;
	/** Handles the request and returns its response. Never throws, whatever the client sent. */
	answer(call: Call): Promise<Answer>;
	/** Returns an error that a test planned, in this service's own format. */
	refuse(status: number, error: ScriptedError, head: CallHead): Answer;
}

/** The parts of a planned error that the test chose. */
export interface ScriptedError {
	readonly code?: string;
	readonly message?: string;
}

/** How much of a body is sent, and with which length. */
export type Cut = "whole" | "halfUnderFullLength" | "halfUnderItsLength";

/** Sends a response; resolves when it has been sent, or cannot be sent any more. */
export function sendAnswer(response: ServerResponse, answer: Answer, cut: Cut = "whole"): Promise<void> {
	const body = Buffer.from(answer.body, "utf8");
	const half = body.subarray(0, Math.floor(body.length / 2));
	const sent = cut === "whole" ? body : half;
	const length = cut === "halfUnderItsLength" ? half.length : body.length;
	return new Promise((resolve) => {
		response.once("close", resolve);
		response.writeHead(answer.status, { ...answer.headers, "content-length": String(length) });
		if (cut === "halfUnderFullLength") response.write(sent, () => response.destroy());
		else response.end(sent);
	});
}
