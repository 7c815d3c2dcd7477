import { generateKey } from "../authenticationBody.ts";

/** What a shared access policy allows, as named under "Control access to IoT Hub using shared access signatures". */
export type Permission = "RegistryRead" | "RegistryWrite" | "ServiceConnect" | "DeviceConnect";

/** A shared access policy of the hub. */
export interface Policy {
	readonly name: string;
	readonly permissions: readonly Permission[];
	readonly primaryKey: string;
	readonly secondaryKey: string;
}

/** The policies of every new hub. */
const DEFAULTS: ReadonlyArray<readonly [string, readonly Permission[]]> = [
	["iothubowner", ["RegistryRead", "RegistryWrite", "ServiceConnect", "DeviceConnect"]],
	["service", ["ServiceConnect"]],
	["device", ["DeviceConnect"]],
	["registryRead", ["RegistryRead"]],
	["registryReadWrite", ["RegistryRead", "RegistryWrite"]],
];

/** The hub's shared access policies by name. */
export class Policies {
	readonly #policies = new Map<string, Policy>();

	constructor() {
		for (const [name, permissions] of DEFAULTS) this.put(name, permissions);
	}

	/** Returns all policies. */
	list(): Policy[] {
		return [...this.#policies.values()];
	}

	/** Returns the policy with this name, or undefined. */
	get(name: string): Policy | undefined {
		return this.#policies.get(name);
	}

	/** Adds a policy with new keys, or replaces one. */
	put(name: string, permissions: readonly Permission[]): Policy {
		const policy = { name, permissions, primaryKey: generateKey(), secondaryKey: generateKey() };
		this.#policies.set(name, policy);
		return policy;
	}

	/** Generates new keys; tokens signed with the old ones are rejected from now on. */
	regenerate(name: string, which: "primary" | "secondary" | "both" = "both"): Policy | undefined {
		const old = this.#policies.get(name);
		if (old === undefined) return undefined;
		const policy: Policy = {
			...old,
			primaryKey: which === "secondary" ? old.primaryKey : generateKey(),
			secondaryKey: which === "primary" ? old.secondaryKey : generateKey(),
		};
		this.#policies.set(name, policy);
		return policy;
	}

	/** Removes a policy. Returns false if it does not exist. */
	remove(name: string): boolean {
		return this.#policies.delete(name);
	}
}
