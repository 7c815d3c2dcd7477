import type { Authorizer } from "../http/authorization.ts";
import type { Clock } from "../http/clock.ts";

/** Authorizes requests, and describes itself in error messages. */
export interface Credential extends Authorizer {
	/** `sas`: a shared access policy of a hub; `entra`: Microsoft Entra. */
	readonly scheme: "sas" | "entra";
	/** The name in messages, without any secret: `shared access policy "provisioning"`. */
	readonly identity: string;
	/** Returns a sentence about the clock skew between this machine and the service; empty if there is none. Absent if unknown. */
	describeClockSkew?(): string;
}

/** A token and the time at which it expires. */
export interface ExpiringToken {
	readonly token: string;
	/** Milliseconds since 1970. */
	readonly expiresAt: number;
}

/** How long before its expiry a token is renewed, in milliseconds: longer than any one request takes. */
const RENEWAL_MARGIN_MS = 5 * 60_000;

/** Caches one token for concurrent callers, fetches it once, and renews it before it expires. */
export class TokenCache {
	readonly #fetch: () => Promise<ExpiringToken>;
	readonly #clock: Clock;
	#token: ExpiringToken | undefined;
	#pending: Promise<ExpiringToken> | undefined;

	constructor(fetch: () => Promise<ExpiringToken>, clock: Clock) {
		this.#fetch = fetch;
		this.#clock = clock;
	}

	/** Returns a token that is valid for a request sent now. */
	async get(): Promise<string> {
		const cached = this.#token;
		if (cached !== undefined && cached.expiresAt - RENEWAL_MARGIN_MS > this.#clock.now()) return cached.token;
		this.#pending ??= this.#renew();
		return (await this.#pending).token;
	}

	/** Discards the token, so that the next call fetches a new one. */
	invalidate(): void {
		this.#token = undefined;
	}

	async #renew(): Promise<ExpiringToken> {
		try {
			this.#token = await this.#fetch();
			return this.#token;
		} finally {
			this.#pending = undefined;
		}
	}
}
