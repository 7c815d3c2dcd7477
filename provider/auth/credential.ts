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
/** How long a new token is used at least, in milliseconds, even if a wrong clock makes it look expired: the service decides. */
const MIN_TOKEN_USE_MS = 60_000;
/** How long the failure to get a token is repeated, in milliseconds, before another attempt. */
export const FAILURE_MEMORY_MS = 60_000;

/** A token and the time until which it is used. */
interface CachedToken {
	readonly token: string;
	/** When it is renewed at the latest, on the clock that only runs forward. */
	readonly renewAt: number;
	/** The same on the clock of this machine, in milliseconds since 1970. */
	readonly renewAtWallTime: number;
}

/** An attempt to get a token that failed. */
interface FailedAttempt {
	readonly error: unknown;
	/** When the next attempt is allowed, on the clock that only runs forward. */
	readonly endsAt: number;
}

/**
 * Caches one token for concurrent callers, fetches it once, and renews it before it expires. After a failure, all callers get the same
 * error for a minute.
 *
 * A token expires by two clocks: by the one that only runs forward, so that a correction of the machine's clock does not prolong its use,
 * and by the time of day, because the other clock may stop while the machine sleeps.
 */
export class TokenCache {
	readonly #fetch: () => Promise<ExpiringToken>;
	readonly #clock: Pick<Clock, "now" | "getWallTime">;
	#token: CachedToken | undefined;
	#failure: FailedAttempt | undefined;
	#pending: Promise<string> | undefined;

	constructor(fetch: () => Promise<ExpiringToken>, clock: Pick<Clock, "now" | "getWallTime">) {
		this.#fetch = fetch;
		this.#clock = clock;
	}

	/** Returns a token that is valid for a request sent now. */
	async get(): Promise<string> {
		const cached = this.#token;
		if (cached !== undefined && this.#isFresh(cached)) return cached.token;
		if (this.#failure !== undefined && this.#clock.now() < this.#failure.endsAt) throw this.#failure.error;
		this.#pending ??= this.#renew();
		return this.#pending;
	}

	/** Discards the token, so that the next call fetches a new one. */
	invalidate(): void {
		this.#token = undefined;
	}

	#isFresh({ renewAt, renewAtWallTime }: CachedToken): boolean {
		return this.#clock.now() < renewAt && this.#clock.getWallTime() < renewAtWallTime;
	}

	async #renew(): Promise<string> {
		try {
			const { token, expiresAt } = await this.#fetch();
			const [now, wallTimeMs] = [this.#clock.now(), this.#clock.getWallTime()];
			const lifetimeMs = expiresAt - wallTimeMs;
			const useMs = Math.max(MIN_TOKEN_USE_MS, lifetimeMs - Math.min(RENEWAL_MARGIN_MS, lifetimeMs / 2));
			this.#token = { token, renewAt: now + useMs, renewAtWallTime: wallTimeMs + useMs };
			this.#failure = undefined;
			return token;
		} catch (error) {
			this.#failure = { error, endsAt: this.#clock.now() + FAILURE_MEMORY_MS };
			throw error;
		} finally {
			this.#pending = undefined;
		}
	}
}
