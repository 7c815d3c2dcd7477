import type { Authorizer } from "../http/authorization.ts";
import type { Clock } from "../http/clock.ts";

/** A way to prove who we are, with the words that an error needs when the service does not believe it. */
export interface Credential extends Authorizer {
	/** `sas` for a hub's shared access policy, `entra` for Microsoft Entra. */
	readonly scheme: "sas" | "entra";
	/** Who we are, without anything secret: `shared access policy "provisioning"`. */
	readonly identity: string;
	/** How far this machine's clock is from the service's, in words, where it matters; else empty. */
	describeClockSkew(): string;
}

/** Something that is good for a while: a token and the moment at which it stops working. */
export interface ExpiringToken<Value> {
	readonly value: Value;
	/** Milliseconds since 1970. */
	readonly expiresAt: number;
}

/** How long before its end a lease is renewed, in milliseconds: longer than any one request takes. */
const RENEWAL_MARGIN_MS = 5 * 60_000;

/** Holds one lease for all who ask, fetched once however many wait, and renewed before it dies. */
export class TokenCache<Value> {
	readonly #fetch: () => Promise<ExpiringToken<Value>>;
	readonly #clock: Clock;
	#token: ExpiringToken<Value> | undefined;
	#pending: Promise<ExpiringToken<Value>> | undefined;

	constructor(fetch: () => Promise<ExpiringToken<Value>>, clock: Clock) {
		this.#fetch = fetch;
		this.#clock = clock;
	}

	/** The value, fresh enough for a request sent now. */
	async get(): Promise<Value> {
		const token = this.#token;
		if (token !== undefined && token.expiresAt - RENEWAL_MARGIN_MS > this.#clock.now()) return token.value;
		this.#pending ??= this.#renew();
		return (await this.#pending).value;
	}

	/** Forgets the value, so that the next one is fetched anew. */
	invalidate(): void {
		this.#token = undefined;
	}

	async #renew(): Promise<ExpiringToken<Value>> {
		try {
			this.#token = await this.#fetch();
			return this.#token;
		} finally {
			this.#pending = undefined;
		}
	}
}
