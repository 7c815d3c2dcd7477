import { ConnectionLost, NotConnected } from "../../../provider/http/errors.ts";
import type { HttpRequest, HttpResponse } from "../../../provider/http/pipeline.ts";

/** A request in which a fault may occur. */
export interface Encounter {
	readonly request: HttpRequest;
	/** Passes the request to the service and returns its response. */
	ask(): Promise<HttpResponse>;
	/** Advances time for everybody. */
	jump(milliseconds: number): void;
}

/** What happens to a request. */
export type Happening = (encounter: Encounter) => Promise<HttpResponse>;

/** A fault between the provider and a service. */
export interface Trouble {
	readonly name: string;
	readonly happen: Happening;
	/** Set if the fault leaves no time for a retry. */
	readonly once?: true;
	/** Set if the request's token is of another tenant, so that it must not be sent. */
	readonly isForeign?: true;
}

/** The fault of services that have tenants. */
export const FOREIGN_TENANT: Trouble = {
	name: "sign-in to another tenant",
	isForeign: true,
	happen: ({ ask }) => ask(),
};

const HTML = "<!DOCTYPE HTML><HTML><BODY><h2>Bad Gateway</h2></BODY></HTML>";
const TLS =
	"Check the host name. For a company proxy or an emulator, set `iothub:caFile` or `autopilot:caFile` to its certificate authority.";

/** All faults of one request. A test compares them with what `transport` makes of the real ones. */
export const TROUBLES: readonly Trouble[] = [
	{ name: "connection refused", happen: refuseConnection },
	{ name: "TLS failure", happen: failCertificate },
	{ name: "reset before the service acted", happen: (met) => loseConnection(met, "UND_ERR_SOCKET") },
	{ name: "reset after it acted", happen: actFirst((met) => loseConnection(met, "UND_ERR_SOCKET")) },
	...createLateTroubles(),
	...createAnswerTroubles("500", answerStatus(500)),
	...createAnswerTroubles("500 with the text of a gateway", answerPage(500)),
	...createAnswerTroubles("502 of a gateway", answerPage(502)),
	...createAnswerTroubles("503", answerStatus(503)),
	...createAnswerTroubles("504 of a gateway", answerPage(504)),
	...createAnswerTroubles("200 with HTML", answerPage(200)),
	{ name: "200 with an empty body", happen: answerSuccessAs("") },
	{ name: "200 with an empty object", happen: answerSuccessAs("{}") },
	{ name: "200 with null", happen: answerSuccessAs("null") },
	{ name: "200 with an empty list", happen: answerSuccessAs("[]") },
	{ name: "200 with another object", happen: answerAnother },
	{ name: "429", happen: answerStatus(429) },
	...createRetryAfterTroubles(429),
	...createRetryAfterTroubles(503),
	{ name: "408", happen: answerStatus(408) },
	{ name: "half of the response under its own length", happen: cut },
	{ name: "half of the response", happen: actFirst((met) => loseConnection(met, "UND_ERR_SOCKET")) },
	{ name: "wrong content type", happen: answerMislabelled },
	{ name: "redirect to the same origin", happen: (met) => answerRedirect(met.request.url.origin) },
	{ name: "redirect to another origin", happen: () => answerRedirect("https://elsewhere.example") },
	{ name: "token expired", happen: answerStatus(401) },
	{ name: "403", happen: answerStatus(403) },
	{ name: "404 of a gateway", happen: answerPage(404) },
	{ name: "404 without a message", happen: answerText(404, "{}") },
	{ name: "400 of a gateway", happen: answerPage(400) },
];

async function refuseConnection({ request }: Encounter): Promise<never> {
	throw new NotConnected(`${describeRequest(request)}: no connection (ECONNREFUSED)`, true, undefined);
}

async function failCertificate({ request }: Encounter): Promise<never> {
	const code = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
	throw new NotConnected(
		`${describeRequest(request)}: no trusted TLS connection (${code}). ${TLS}`,
		false,
		undefined,
	);
}

async function loseConnection({ request }: Encounter, code: string): Promise<never> {
	throw new ConnectionLost(
		`${describeRequest(request)}: the connection broke before the response was complete (${code})`,
	);
}

/** Lets the same happen after the service has acted. */
function actFirst(happen: Happening): Happening {
	return async (met) => {
		await met.ask();
		return happen(met);
	};
}

/** Creates two faults: one before the service acts, one after it. */
function createAnswerTroubles(name: string, happen: Happening): Trouble[] {
	return [
		{ name: `${name} before the service acted`, happen },
		{ name: `${name} after it acted`, happen: actFirst(happen) },
	];
}

/** Creates faults that leave a request without a response until the operation times out. */
function createLateTroubles(): Trouble[] {
	const happen: Happening = (met) => {
		met.jump(Math.max(0, met.request.deadline.getRemainingMs()) + 1);
		return loseConnection(met, "timeout");
	};
	return createAnswerTroubles("silence beyond the deadline", happen).map((trouble) => ({
		...trouble,
		once: true,
	}));
}

/** Responds with an error in the format of the services. */
function answerStatus(code: number, headers: Readonly<Record<string, string>> = {}): Happening {
	return async () => ({
		status: code,
		headers: {
			"content-type": "application/json",
			"request-id": "r-1",
			"x-ms-request-id": "r-1",
			...headers,
		},
		text: JSON.stringify({
			Message: `ErrorCode:Trouble${code};Trouble of the kind ${code}`,
			error: { code: `Trouble${code}`, message: `Trouble of the kind ${code}` },
		}),
	});
}

/** Creates faults with every form of Retry-After: too short to be meant, too long to be waited for, and dates by a clock of the service's own. */
function createRetryAfterTroubles(code: number): Trouble[] {
	const date = "Sun, 01 Mar 2026 08:00:00 GMT";
	const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
		"Retry-After": { "retry-after": "17" },
		"Retry-After: 0": { "retry-after": "0" },
		"Retry-After in the past": { date, "retry-after": "Sun, 01 Mar 2026 07:00:00 GMT" },
		"Retry-After in five seconds by the service's clock": {
			date,
			"retry-after": "Sun, 01 Mar 2026 08:00:05 GMT",
		},
		"Retry-After of a day": { "retry-after": "86400" },
	};
	return Object.entries(forms).map(([name, headers]) => ({
		name: `${code} with ${name}`,
		happen: answerStatus(code, headers),
	}));
}

/** Responds with an HTML page. */
function answerPage(code: number): Happening {
	return async () => ({ status: code, headers: { "content-type": "text/html" }, text: HTML });
}

function answerText(code: number, text: string): Happening {
	return async () => ({ status: code, headers: { "content-type": "application/json" }, text });
}

async function answerRedirect(origin: string): Promise<HttpResponse> {
	return { status: 307, headers: { location: `${origin}/elsewhere` }, text: "" };
}

/** Lets the service act and replaces the body of its success response. */
function answerSuccessAs(text: string): Happening {
	return async ({ ask }) => {
		const response = await ask();
		return response.status < 300 ? { ...response, text } : response;
	};
}

/** Members that tell which object a response is about. */
const NAMES: ReadonlySet<string> = new Set(["deviceId", "id", "serialNumber", "importId"]);

/** Lets the service act and returns a response about another object of the same type, as a faulty cache would. */
async function answerAnother({ request, ask }: Encounter): Promise<HttpResponse> {
	const response = await ask();
	const json = response.status < 300 ? parseJson(response.text) : undefined;
	// A list defines what exists, so nobody can tell which rows of a wrong list are missing.
	if (typeof json !== "object" || json === null || Array.isArray(json) || "value" in json) return response;
	// An id that the service assigns cannot be verified by anything else.
	const names = Object.keys(json).filter((name) => NAMES.has(name));
	if (request.method === "POST" && names.join() === "id") return response;
	const other = Object.entries(json).map(([name, value]) => [name, NAMES.has(name) ? OTHER : value]);
	return { ...response, text: JSON.stringify(Object.fromEntries(other)) };
}

const OTHER = "11111111-2222-3333-4444-555555555555";

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Cuts off the second half of a response. */
async function cut({ ask }: Encounter): Promise<HttpResponse> {
	const response = await ask();
	return { ...response, text: response.text.slice(0, Math.floor(response.text.length / 2)) };
}

async function answerMislabelled({ ask }: Encounter): Promise<HttpResponse> {
	const response = await ask();
	return { ...response, headers: { ...response.headers, "content-type": "text/plain" } };
}

function describeRequest({ method, url }: HttpRequest): string {
	return `${method} ${url.origin}`;
}
