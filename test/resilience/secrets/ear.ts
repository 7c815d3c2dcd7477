import type { HttpRequest, HttpResponse, SendRequest } from "../../../provider/http/pipeline.ts";
import type { Place } from "../../contract/subject/subject.ts";
import { Wire } from "../faults/wire.ts";

/** The names under which bodies contain secrets. */
const NAMED =
	/"(?:primaryKey|secondaryKey|primary|secondary|hardwareIdentifier|access_token)"\s*:\s*"([^"]+)"/g;

/** A network that records every secret that was ever sent in either direction. */
export class Ear implements Place {
	readonly wire = new Wire();
	readonly secrets = new Set<string>();
	readonly start: Place["start"] = (options) => this.wire.start(options);

	readonly fetch: typeof fetch = async (input, init) => {
		const response = await this.wire.fetch(input, init);
		this.#hear(await response.clone().text());
		return response;
	};

	readonly network: SendRequest = async (request) => {
		this.#hearToken(request.headers["authorization"] ?? "");
		this.#hear(request.body ?? "");
		const response = await this.wire.network(request);
		this.#hear(response.text);
		return response;
	};

	#hearToken(authorization: string): void {
		const [, bearer] = /^Bearer (.+)/.exec(authorization) ?? [];
		const signature = new URLSearchParams(authorization.replace(/^\w+ /, "")).get("sig");
		for (const secret of [bearer, signature]) if (secret) this.secrets.add(secret);
	}

	#hear(text: string): void {
		for (const [, secret] of text.matchAll(NAMED)) if (secret) this.secrets.add(secret);
	}
}

/** Returns a service's rejection that repeats the request, and the response that it would otherwise give. */
export async function repeatRequest(
	{ headers, body }: HttpRequest,
	status: number,
	answer = "",
): Promise<HttpResponse> {
	const all = `${JSON.stringify(headers)} ${body ?? ""} ${answer}`;
	const said = { Message: `ErrorCode:Trouble;${all}`, error: { code: "Trouble", message: all } };
	return {
		status,
		headers: { "content-type": "application/json", "request-id": all, "x-ms-request-id": all },
		text: JSON.stringify(said),
	};
}
