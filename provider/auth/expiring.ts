import type { Clock } from "../http/clock.ts";

/** Something that is good for a while: a token and the moment at which it stops working. */
export interface Lease<Value> {
	readonly value: Value;
	/** Milliseconds since 1970. */
	readonly expires: number;
}

/** How long before its end a lease is renewed, in milliseconds: longer than any one request takes. */
const MARGIN = 5 * 60_000;

/** Holds one lease for all who ask, fetched once however many wait, and renewed before it dies. */
export class Expiring<Value> {
	readonly #fetch: () => Promise<Lease<Value>>;
	readonly #clock: Clock;
	#lease: Lease<Value> | undefined;
	#pending: Promise<Lease<Value>> | undefined;

	constructor(fetch: () => Promise<Lease<Value>>, clock: Clock) {
		this.#fetch = fetch;
		this.#clock = clock;
	}

	/** The value, fresh enough for a request sent now. */
	async get(): Promise<Value> {
		const lease = this.#lease;
		if (lease !== undefined && lease.expires - MARGIN > this.#clock.now()) return lease.value;
		this.#pending ??= this.#renew();
		return (await this.#pending).value;
	}

	/** Forgets the value, so that the next one is fetched anew. */
	drop(): void {
		this.#lease = undefined;
	}

	async #renew(): Promise<Lease<Value>> {
		try {
			this.#lease = await this.#fetch();
			return this.#lease;
		} finally {
			this.#pending = undefined;
		}
	}
}
