import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificates } from "../../emulator/certificates.ts";
import { createUnsignedToken } from "./credentials.ts";

/** The token of a directory that gives one. */
export const TOKEN_GIVEN = createUnsignedToken(
	'{"alg":"none"}',
	'{"of":"a token that was given"}',
	"its signature",
);

/** How a directory responds to a token request; `all` is everything that it received. */
export type Manner = (response: ServerResponse, all: string) => void;

const GIVEN = JSON.stringify({ token_type: "Bearer", expires_in: 3600, access_token: TOKEN_GIVEN });

/** The responses of directories and of proxies in front of them. */
export const MANNERS = {
	"rejects the request and repeats everything that it received": (response, all) => {
		const refusal = { error: "invalid_client", error_description: all, message: all };
		respond(response, 400, "application/json", JSON.stringify(refusal));
	},
	"responds with a page that repeats everything that it received": (response, all) =>
		respond(response, 403, "text/html", `<html><title>Forbidden</title><pre>${all}</pre></html>`),
	"responds with half a token": (response) => respond(response, 200, "application/json", GIVEN.slice(0, -12)),
	"responds with a token in an unexpected place": (response) =>
		respond(
			response,
			400,
			"application/json",
			JSON.stringify({ error: "none", error_description: GIVEN, token: GIVEN }),
		),
} satisfies Readonly<Record<string, Manner>>;

/** Closes the connection as soon as a request arrives. */
export const closeSocket: Manner = (response) => void response.socket?.destroy();

/** Responds with a token. */
export const answerEverything: Manner = (response) => respond(response, 200, "application/json", GIVEN);

/** A directory, or another endpoint that gives tokens, on loopback. */
export interface Directory {
	readonly origin: string;
	/** The file with the certificate authority that a process must trust. */
	readonly caFile: string;
	/** Everything that was received since it last {@link become became} something else. */
	readonly heard: readonly string[];
	/** Changes how it responds. */
	become(manner: Manner): void;
	close(): Promise<void>;
}

/** Starts a directory that gives tokens until it {@link Directory.become becomes} another. */
export async function openDirectory(): Promise<Directory> {
	const certificates = await makeCertificates(["localhost"]);
	const heard: string[] = [];
	let manner = answerEverything;
	let origin = "";
	const server = createServer(certificates.tls, async (request, response) => {
		const all = await readBody(request);
		heard.push(all);
		const isLook = request.url?.split("?")[0]?.endsWith("/openid-configuration");
		if (isLook) respond(response, 200, "application/json", JSON.stringify(createMetadata(origin)));
		else manner(response, all);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	origin = `https://localhost:${(server.address() as AddressInfo).port}`;
	return {
		origin,
		caFile: certificates.caFile,
		heard,
		become: (other) => {
			manner = other;
			heard.splice(0);
		},
		close: async () => {
			server.closeAllConnections();
			server.close();
			await certificates.remove();
		},
	};
}

/** Returns a request as a log might show it: its headers, its body, and its form-decoded body. */
async function readBody(request: IncomingMessage): Promise<string> {
	let body = "";
	for await (const bytes of request.setEncoding("utf8")) body += bytes;
	return `${JSON.stringify(request.headers)} ${body} ${decodeURIComponent(body)}`;
}

function respond(response: ServerResponse, status: number, type: string, text: string): void {
	response.writeHead(status, { "content-type": type }).end(text);
}

function createMetadata(origin: string): object {
	const at = (name: string): string => `${origin}/tenant/oauth2/v2.0/${name}`;
	return {
		issuer: `${origin}/tenant/v2.0`,
		token_endpoint: at("token"),
		authorization_endpoint: at("authorize"),
		jwks_uri: at("keys"),
	};
}
