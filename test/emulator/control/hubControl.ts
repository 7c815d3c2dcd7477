import type { Policies } from "../iotHub/access/policies.ts";
import type { HubLimits } from "../iotHub/switches.ts";
import type { Sku, Throttle } from "../iotHub/throttle.ts";

/** The tier of a hub; without one nothing is throttled. */
export interface Tier {
	readonly sku?: Sku | undefined;
	/** Units of the tier. Default 1. */
	readonly units?: number | undefined;
}

/** The hub as its owner would change it. */
export class HubControl {
	/** The host name in connection strings. */
	readonly hostName: string;
	/** Limits; assign to change them. */
	readonly limits: HubLimits;
	readonly #throttle: Throttle;
	readonly #policies: Policies;
	#tier: Tier = {};

	constructor(parts: { hostName: string; limits: HubLimits; throttle: Throttle; policies: Policies }) {
		this.hostName = parts.hostName;
		this.limits = parts.limits;
		this.#throttle = parts.throttle;
		this.#policies = parts.policies;
	}

	/** The tier in force. */
	get tier(): Tier {
		return this.#tier;
	}

	/** Operations by meter as the throttles count them, since the tier was last set. */
	get operations(): Throttle["admitted"] {
		return this.#throttle.admitted;
	}

	/** Changes the tier; all throttles begin anew with full buckets. */
	setTier(tier: Tier): void {
		this.#tier = tier;
		this.#throttle.set(tier.sku, tier.units);
	}

	/** The connection string of a policy. Default the owner's. */
	connectionString(policyName = "iothubowner"): string {
		const policy = this.#policies.get(policyName);
		if (policy === undefined) throw new TypeError(`There is no policy ${policyName}`);
		return `HostName=${this.hostName};SharedAccessKeyName=${policyName};SharedAccessKey=${policy.primaryKey}`;
	}
}
