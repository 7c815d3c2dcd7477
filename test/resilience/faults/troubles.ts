import { ConnectionLost, NotConnected } from "../../../provider/http/errors.ts";
import type { HttpRequest, HttpResponse } from "../../../provider/http/pipeline.ts";

/** A request that something happens to. */
export interface Encounter {
	readonly request: HttpRequest;
	/** Lets the service act, and answers with what it says. */
	ask(): Promise<HttpResponse>;
	/** Makes time pass, for everybody. */
	jump(milliseconds: number): void;
}

/** What becomes of a request. */
export type Happening = (encounter: Encounter) => Promise<HttpResponse>;

/** Something that goes wrong between us and a service. */
export interface Trouble {
	readonly name: string;
	readonly happen: Happening;
	/** Set where it leaves no time for a second time. */
	readonly once?: true;
}

const HTML = "<!DOCTYPE HTML><HTML><BODY><h2>Bad Gateway</h2></BODY></HTML>";
const TLS =
	"Check the host name; for a company proxy or an emulator name its certificate authority in `iothub:caFile` or `autopilot:caFile`.";

/** Everything that may go wrong with one request; what `transport` makes of the real thing is compared in a test. */
export const TROUBLES: readonly Trouble[] = [
	{ name: "connection refused", happen: refused },
	{ name: "TLS failure", happen: untrusted },
	{ name: "reset before the service acted", happen: (met) => lost(met, "UND_ERR_SOCKET") },
	{ name: "reset after it acted", happen: acted((met) => lost(met, "UND_ERR_SOCKET")) },
	...late(),
	...answered("500", status(500)),
	...answered("500 in a gateway's words", page(500)),
	...answered("502 of a gateway", page(502)),
	...answered("503", status(503)),
	...answered("504 of a gateway", page(504)),
	...answered("200 with HTML", page(200)),
	{ name: "200 with nothing", happen: successAs("") },
	{ name: "200 with an empty object", happen: successAs("{}") },
	{ name: "200 with null", happen: successAs("null") },
	{ name: "200 with an empty list", happen: successAs("[]") },
	{ name: "200 with another object", happen: mixedUp },
	{ name: "429", happen: status(429) },
	{ name: "429 with Retry-After", happen: status(429, { "retry-after": "17" }) },
	{ name: "503 with Retry-After", happen: status(503, { "retry-after": "17" }) },
	{ name: "408", happen: status(408) },
	{ name: "half of the answer under its own length", happen: cut },
	{ name: "half of the answer", happen: acted((met) => lost(met, "UND_ERR_SOCKET")) },
	{ name: "wrong content type", happen: mislabelled },
	{ name: "redirect to the same origin", happen: (met) => redirect(met.request.url.origin) },
	{ name: "redirect to another origin", happen: () => redirect("https://elsewhere.example") },
	{ name: "token expired", happen: status(401) },
	{ name: "403", happen: status(403) },
	{ name: "404 of a gateway", happen: page(404) },
	{ name: "404 that says nothing", happen: said(404, "{}") },
	{ name: "400 of a gateway", happen: page(400) },
];

async function refused({ request }: Encounter): Promise<never> {
	throw new NotConnected(`${what(request)}: no connection (ECONNREFUSED)`, true, undefined);
}

async function untrusted({ request }: Encounter): Promise<never> {
	const code = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
	throw new NotConnected(`${what(request)}: no trusted TLS connection (${code}). ${TLS}`, false, undefined);
}

async function lost({ request }: Encounter, code: string): Promise<never> {
	throw new ConnectionLost(`${what(request)}: the connection broke before the answer was complete (${code})`);
}

/** The same, but the service has acted by then. */
function acted(happen: Happening): Happening {
	return async (met) => {
		await met.ask();
		return happen(met);
	};
}

/** One trouble before the service acts, one after. */
function answered(name: string, happen: Happening): Trouble[] {
	return [
		{ name: `${name} before the service acted`, happen },
		{ name: `${name} after it acted`, happen: acted(happen) },
	];
}

/** No answer until the operation's time is over. */
function late(): Trouble[] {
	const happen: Happening = (met) => {
		met.jump(Math.max(0, met.request.deadline.getRemainingMs()) + 1);
		return lost(met, "timeout");
	};
	return answered("silence beyond the deadline", happen).map((trouble) => ({ ...trouble, once: true }));
}

/** An error in the words of the services. */
function status(code: number, headers: Readonly<Record<string, string>> = {}): Happening {
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

/** A page for people. */
function page(code: number): Happening {
	return async () => ({ status: code, headers: { "content-type": "text/html" }, text: HTML });
}

function said(code: number, text: string): Happening {
	return async () => ({ status: code, headers: { "content-type": "application/json" }, text });
}

async function redirect(origin: string): Promise<HttpResponse> {
	return { status: 307, headers: { location: `${origin}/elsewhere` }, text: "" };
}

/** The service acts, and of its success another text arrives. */
function successAs(text: string): Happening {
	return async ({ ask }) => {
		const response = await ask();
		return response.status < 300 ? { ...response, text } : response;
	};
}

/** Members by which an answer tells which object it is about. */
const NAMES: ReadonlySet<string> = new Set(["deviceId", "id", "serialNumber", "importId"]);

/** The service acts, and its answer is about another object of the same kind, as one that a cache mixed up. */
async function mixedUp({ request, ask }: Encounter): Promise<HttpResponse> {
	const response = await ask();
	const json = response.status < 300 ? jsonIn(response.text) : undefined;
	// A list says what there is; which rows are missing in one that is mixed up nobody can tell.
	if (typeof json !== "object" || json === null || Array.isArray(json) || "value" in json) return response;
	// An id that the service makes is known by nothing else.
	const names = Object.keys(json).filter((name) => NAMES.has(name));
	if (request.method === "POST" && names.join() === "id") return response;
	const other = Object.entries(json).map(([name, value]) => [name, NAMES.has(name) ? OTHER : value]);
	return { ...response, text: JSON.stringify(Object.fromEntries(other)) };
}

const OTHER = "11111111-2222-3333-4444-555555555555";

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A text without its second half. */
async function cut({ ask }: Encounter): Promise<HttpResponse> {
	const response = await ask();
	return { ...response, text: response.text.slice(0, Math.floor(response.text.length / 2)) };
}

async function mislabelled({ ask }: Encounter): Promise<HttpResponse> {
	const response = await ask();
	return { ...response, headers: { ...response.headers, "content-type": "text/plain" } };
}

function what({ method, url }: HttpRequest): string {
	return `${method} ${url.origin}`;
}
