import type { Credential } from "../../../provider/auth/credential.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Role } from "../../emulator/entra/roles.ts";

/** How long a token is used, in milliseconds of the service's clock; it is valid for an hour. */
const GOOD = 3_000_000;

/** Signs with tokens of the emulator's directory, bought when one is due by the emulator's own clock. */
export class EntraToken implements Credential {
	readonly scheme = "entra";
	readonly identity = "Microsoft Entra identity (clientSecret)";
	/** All tokens so far. */
	readonly bought: string[] = [];
	readonly #emulator: Emulator;
	readonly #roles: readonly Role[] | undefined;
	readonly #ask: typeof fetch;
	readonly #tenantId: string;
	#token: { readonly value: Promise<string>; readonly from: number } | undefined;

	/**
	 * @param roles of an application of its own; by default the first one is used, which may do everything
	 * @param ask carries the requests for tokens
	 * @param tenantId default the emulator's first tenant
	 */
	constructor(
		emulator: Emulator,
		roles?: readonly Role[],
		ask: typeof fetch = fetch,
		tenantId = emulator.entra.tenantId,
	) {
		this.#tenantId = tenantId;
		this.#emulator = emulator;
		this.#roles = roles;
		this.#ask = ask;
	}

	async getAuthorizationHeader(): Promise<string> {
		const now = this.#emulator.control.clock.now();
		if (this.#token === undefined || now - this.#token.from > GOOD) {
			this.#token = { value: this.#buy(), from: now };
		}
		return `Bearer ${await this.#token.value}`;
	}

	handleUnauthorized(): boolean {
		return false;
	}

	describeClockSkew(): string {
		return "";
	}

	/** Returns a credential of the same identity whose header comes from somewhere else. */
	replaceHeader(getAuthorizationHeader: Credential["getAuthorizationHeader"]): Credential {
		const { scheme, identity, handleUnauthorized, describeClockSkew } = this;
		return { scheme, identity, handleUnauthorized, describeClockSkew, getAuthorizationHeader };
	}

	async #buy(): Promise<string> {
		const { entra, control, graph } = this.#emulator;
		const { clientId, clientSecret } =
			this.#roles === undefined ? entra : control.principals.add(this.#roles);
		const form = { client_id: clientId, client_secret: clientSecret, scope: `${graph.url}/.default` };
		const reply = await this.#ask(`${entra.authority}/${this.#tenantId}/oauth2/v2.0/token`, {
			method: "POST",
			body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
		});
		const { access_token: token } = (await reply.json()) as { access_token: string };
		this.bought.push(token);
		return token;
	}
}
