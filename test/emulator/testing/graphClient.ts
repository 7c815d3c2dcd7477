import type { Emulator } from "../emulator.ts";
import type { Role } from "../entra/roles.ts";
import { type Reply, sendWireRequest } from "./hubClient.ts";

/** The parts of a request besides method and path. */
export interface GraphSent {
	/** Sent as JSON; a string is sent as it is. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Default: a token of the client; null sends none. */
	readonly authorization?: string | null;
}

/** The collections that most tests use. */
export const IMPORTED = "/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentities";
export const IDENTITIES = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities";
export const BETA_IDENTITIES = "/beta/deviceManagement/windowsAutopilotDeviceIdentities";

/** A plain HTTP client that sends exactly what a test says, as an application of the directory. */
export class GraphClient {
	readonly #emulator: Emulator;
	readonly #roles: readonly Role[] | undefined;
	#token: Promise<string> | undefined;

	/** With roles it is a new application that has them, otherwise the first one. */
	constructor(emulator: Emulator, roles?: readonly Role[]) {
		this.#emulator = emulator;
		this.#roles = roles;
	}

	/** Returns the Authorization header of this client; the token is requested once. */
	token(): Promise<string> {
		this.#token ??= this.buyToken();
		return this.#token;
	}

	/** Requests a token. Default: for the emulator's own address. */
	async buyToken(scope = `${this.#emulator.graph.url}/.default`): Promise<string> {
		const { entra, control } = this.#emulator;
		const { clientId, clientSecret } = this.#roles ? control.principals.add(this.#roles) : entra;
		const form = { client_id: clientId, client_secret: clientSecret, scope };
		const reply = await fetch(`${entra.authority}/${entra.tenantId}/oauth2/v2.0/token`, {
			method: "POST",
			body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
		});
		return `Bearer ${((await reply.json()) as { access_token: string }).access_token}`;
	}

	get(path: string, sent: GraphSent = {}): Promise<Reply> {
		return this.send("GET", path, sent);
	}

	post(path: string, body?: unknown, sent: GraphSent = {}): Promise<Reply> {
		return this.send("POST", path, { ...sent, body });
	}

	patch(path: string, body: unknown, sent: GraphSent = {}): Promise<Reply> {
		return this.send("PATCH", path, { ...sent, body });
	}

	delete(path: string, sent: GraphSent = {}): Promise<Reply> {
		return this.send("DELETE", path, sent);
	}

	/** Sends one request; a path that is a complete URL, such as a next page's, is sent as it is. */
	async send(method: string, path: string, sent: GraphSent = {}): Promise<Reply> {
		const authorization = sent.authorization === undefined ? await this.token() : sent.authorization;
		const url = new URL(this.#emulator.graph.url);
		const headers = {
			...(authorization !== null && { authorization }),
			...(sent.body !== undefined && { "content-type": "application/json" }),
			...sent.headers,
		};
		const body =
			typeof sent.body === "string" || sent.body === undefined ? sent.body : JSON.stringify(sent.body);
		return sendWireRequest(url, { method, path: path.replace(url.origin, ""), headers, body });
	}
}

/** Returns Intune's own text inside a Graph error, without what follows it. */
export function parseNestedMessage(reply: Reply): string {
	const detail = JSON.parse(String(reply.at("error.message"))) as { Message: string };
	return detail.Message.split(" - Operation ID")[0] ?? "";
}
