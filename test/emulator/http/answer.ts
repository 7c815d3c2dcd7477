import type { ServerResponse } from "node:http";
import type { Call, CallHead } from "./call.ts";

/** What goes back to the client. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** The body as text, "" for none. */
	readonly body: string;
}

/** A JSON answer; the content type is the one that the services write. */
export function createJsonAnswer(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
	return {
		status,
		headers: { "content-type": "application/json; charset=utf-8", ...headers },
		body: JSON.stringify(value),
	};
}

/** An answer without a body and so without a content type. */
export function createEmptyAnswer(status: number, headers: Answer["headers"] = {}): Answer {
	return { status, headers, body: "" };
}

/** A page for people, as proxies and HTTP.sys send in place of the service. */
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
	/** Whether its request bodies hold credentials and are kept out of the log. Default false. */
	readonly hidesBodies?: true;
	/** Whether a request is for this service. */
	owns(head: CallHead): boolean;
	/** The route's name as the service's reference writes it, such as `PUT /devices/{id}`, or undefined for none. */
	route(head: CallHead): string | undefined;
	/** Does what the request asks and says what to answer. Never throws for anything that a client sent. */
	answer(call: Call): Promise<Answer>;
	/** An error that a test asks for, in this service's own words, as the answer to a request. */
	refuse(status: number, error: ScriptedError, head: CallHead): Answer;
}

/** The parts of a scripted error that the test chose. */
export interface ScriptedError {
	readonly code?: string;
	readonly message?: string;
}

/** How much of a body is sent, and under which length. */
export type Cut = "whole" | "halfUnderFullLength" | "halfUnderItsLength";

/** Writes an answer; resolves when it has left, or cannot leave any more. */
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
