import { type Answer, answerOf, named } from "../http/answer.ts";
import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import { legible } from "../http/legible.ts";
import { chain, type Request, type Send } from "../http/message.ts";
import { retry } from "../http/retry.ts";
import { type Pace, throttle } from "../http/throttle.ts";
import type { Hub } from "./hubs.ts";
import { type Access, accessRemedy, BASIC_LACKS_TWINS, NOT_IN_EDITION } from "./permissions.ts";
import { type Said, serviceError } from "./serviceError.ts";
import { keyRemedy, signing } from "./spareKey.ts";

/** One request to a hub, in the hub's own terms. */
export interface Call {
	/** What for, as an error says it: `creating device "gw-1"`. */
	readonly what: string;
	readonly method: Request["method"];
	/** Path below the hub, ids percent-encoded. */
	readonly path: string;
	readonly apiVersion: string;
	readonly access: Access;
	/** Query parameters besides the api-version. */
	readonly query?: Readonly<Record<string, string>>;
	/** An etag as bodies have it; sent quoted, for the service once ignored an unquoted one and lost updates. */
	readonly ifMatch?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	readonly deadline: Deadline;
}

/** A client of one hub, shared by all that this process does there. */
export interface Client {
	readonly hub: Hub;
	/** Sends one request. Throws {@link AnyHttpError}. */
	call(call: Call): Promise<Answer>;
}

const METERS: Readonly<Record<Access, string>> = {
	registryRead: "registry",
	registryWrite: "registry",
	twinRead: "twin",
	query: "query",
};

/** The world around a client. */
export interface ClientOptions {
	readonly network: Send;
	readonly pace: Pace;
	readonly clock: Clock;
	/** Puts a message in front of the user. */
	say(text: string): void;
}

/** Connects the network to a hub: retry outside, then pace, then signing, so that each attempt is signed afresh. */
export function client(hub: Hub, { network, pace, clock, say }: ClientOptions): Client {
	const send = chain(network, retry(clock), throttle(pace, clock), legible(), signing(hub, say));
	return {
		hub,
		async call(call) {
			const response = await named(whatOf(call, hub), () => send(requestOf(hub, call)));
			if (response.status < 300) return answerOf(response);
			throw serviceError(response, {
				what: whatOf(call, hub),
				remedy: (said) => remedy(said, hub, call),
			});
		},
	};
}

function requestOf(hub: Hub, call: Call): Request {
	const url = new URL(call.path, hub.origin);
	for (const [name, value] of Object.entries({ ...call.query, "api-version": call.apiVersion })) {
		url.searchParams.set(name, value);
	}
	const headers = {
		accept: "application/json",
		...(call.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
		...(call.ifMatch === undefined ? {} : { "if-match": `"${call.ifMatch}"` }),
		...call.headers,
	};
	const { method, access, deadline } = call;
	const repeatable = access !== "registryWrite";
	const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
	return { method, url, headers, repeatable, meter: METERS[access], deadline, ...body };
}

function whatOf({ what }: Call, { hostName }: Hub): string {
	return `${what} in hub ${hostName}`;
}

function remedy(said: Said, hub: Hub, call: Call): string {
	const { status, code } = said;
	if (status === 403 && isFull(said, call)) {
		return "The hub has as many devices as it may; add units (`az iot hub update`) or delete some.";
	}
	if (code === "IotHubQuotaExceeded") {
		return "The hub's quota for the day is used up; add units (`az iot hub update`) or run the command again tomorrow (UTC).";
	}
	if (code === NOT_IN_EDITION) return `${BASIC_LACKS_TWINS} Take an edition that has them (S1, for one).`;
	if (status === 401)
		return `${accessRemedy(hub, call.access)}${hub.keyOrigin ? keyRemedy(hub.keyOrigin) : ""}`;
	if (status === 403) return accessRemedy(hub, call.access);
	if (code === "InvalidProtocolVersion")
		return `The hub does not speak api-version ${call.apiVersion}; set iothub:apiVersion to one it does.`;
	return "";
}

/** Whether there is no room for the device to be made. The same code tells of other quotas, and other codes of this one. */
function isFull({ code, text }: Said, { method, ifMatch }: Call): boolean {
	const creates = method === "PUT" && ifMatch === undefined;
	return (
		code === "TooManyDevices" ||
		/number of devices .*allocated quota/i.test(text) ||
		(creates && code === "IotHubQuotaExceeded")
	);
}
