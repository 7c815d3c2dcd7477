import type { Policies } from "../iotHub/access/policies.ts";
import type { HubLimits } from "../iotHub/switches.ts";
import type { Sku, Throttle } from "../iotHub/throttle.ts";

/** The tier of a hub. Without a tier nothing is throttled. */
export interface Tier {
	readonly sku?: Sku | undefined;
	/** Units of the tier. Default: 1. */
	readonly units?: number | undefined;
}

/** Changes the hub as its owner would. */
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

	/** The current tier. */
	get tier(): Tier {
		return this.#tier;
	}

	/** The operations by meter, as the throttles count them, since the tier was last set. */
	get operations(): Throttle["admitted"] {
		return this.#throttle.admitted;
	}

	/** Changes the tier; all throttles restart with full buckets. */
	setTier(tier: Tier): void {
		this.#tier = tier;
		this.#throttle.set(tier.sku, tier.units);
	}

	/**
	 * Returns the connection string of a policy. Default: that of the owner.
	 *
	 * @param hostName the host name in it. Default: the hub's configured one
	 */
	connectionString(policyName = "iothubowner", hostName = this.hostName): string {
		const policy = this.#policies.get(policyName);
		if (policy === undefined) throw new TypeError(`There is no policy ${policyName}`);
		return `HostName=${hostName};SharedAccessKeyName=${policyName};SharedAccessKey=${policy.primaryKey}`;
	}
}
