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
