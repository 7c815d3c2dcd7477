import type { Credential } from "../auth/credential.ts";
import { type Answer, answerOf, named } from "../http/answer.ts";
import { authorize } from "../http/authorize.ts";
import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { legible } from "../http/legible.ts";
import { chain, type Request, type Send } from "../http/message.ts";
import { redact } from "../http/redact.ts";
import { retry } from "../http/retry.ts";
import { throttle } from "../http/throttle.ts";
import { graphError, nestedRetryAfter } from "./graphError.ts";
import { PACE } from "./pace.ts";
import { remedy } from "./remedies.ts";

/** One request to Graph. */
export interface Call {
	/** What for, as an error says it: `reading machine "5CG1234ABC"`. */
	readonly what: string;
	readonly method: "GET" | "POST" | "PATCH" | "DELETE";
	/** Path with its version, ids percent-encoded: `/v1.0/deviceManagement/…`; or the link to a next page. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** An etag just as Graph sent it, quotes and weakness mark included. */
	readonly ifMatch?: string | undefined;
	readonly body?: unknown;
	/** Whether sending it twice does no harm. Default: only reads. */
	readonly repeatable?: boolean;
	readonly deadline: Deadline;
}

/** A client of one tenant, shared by all that this process does there. */
export interface Client {
	/** Sends one request. Throws an error of `http/errors.ts`. */
	call(call: Call): Promise<Answer>;
}

/** What a client is made of. */
export interface ClientParts {
	/** `https://graph.microsoft.com` */
	readonly origin: string;
	readonly credential: Credential;
	/** Why administrators should approve of writes (Multi Admin Approval), where the tenant wants to know. */
	readonly justification: string | undefined;
	readonly network: Send;
	readonly clock: Clock;
}

/** The header in which a tenant with Multi Admin Approval wants to be told why. */
const JUSTIFICATION = "x-msft-approval-justification";

/** Connects the network to Graph: retry outside, then pace, then signing, so that each attempt is signed afresh. */
export function client(parts: ClientParts): Client {
	const { origin, credential, network, clock } = parts;
	const policies = [
		retry(clock),
		nestedRetryAfter(),
		throttle(PACE, clock),
		legible(),
		authorize(credential),
	] as const;
	const send = chain(network, ...policies);
	return {
		async call(call) {
			const response = await named(call.what, () => send(requestOf(parts, call)));
			if (response.status < 300) return answerOf(response);
			const isWrite = call.method !== "GET";
			throw graphError(response, {
				what: call.what,
				remedy: (fault) => remedy(fault, { isWrite, identity: credential.identity, origin }),
			});
		},
	};
}

function requestOf({ origin, justification }: ClientParts, call: Call): Request {
	const { method, deadline, query = {}, body, ifMatch } = call;
	const isRead = method === "GET";
	const headers = {
		accept: "application/json",
		...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
		...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
		...(isRead || justification === undefined ? {} : { [JUSTIFICATION]: justification }),
	};
	return {
		method,
		url: urlOf(origin, call, query),
		headers,
		repeatable: call.repeatable ?? isRead,
		mayBeEmpty: !isRead,
		meter: isRead ? "read" : "write",
		deadline,
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	};
}

/** A link to a next page is followed only where it leads to the same origin: the token goes with it. */
function urlOf(origin: string, { path, what }: Call, query: Readonly<Record<string, string>>): URL {
	if (!URL.canParse(path, origin)) throw misled(what, "is no address");
	const url = new URL(path, origin);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	if (url.origin === origin) return url;
	throw misled(
		what,
		`leads to ${redact(url.origin === "null" ? url.protocol : url.origin, 100)}, which is not ${origin}; it is not followed`,
	);
}

function misled(what: string, fault: string): UnreadableAnswer {
	return new UnreadableAnswer(`${what} failed: Graph's link to the next page ${fault}`, 200);
}
