import { randomBytes, randomUUID } from "node:crypto";
import type { Role } from "./roles.ts";

/** An application that can get tokens. */
export interface Principal {
	/** The object id, which error messages contain. */
	readonly id: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly roles: readonly Role[];
}

/** The applications of the tenant, by client id. */
export class Principals {
	readonly #principals = new Map<string, Principal>();
	/** The initial application, which may do everything with the hub's data and with Autopilot. */
	readonly first: Principal;

	constructor() {
		this.first = this.add(["IoT Hub Data Contributor", "DeviceManagementServiceConfig.ReadWrite.All"]);
	}

	/** All applications. */
	list(): Principal[] {
		return [...this.#principals.values()];
	}

	/**
	 * Adds an application with roles; client id and secret are generated unless given. The secret has only letters and
	 * digits, because commands would take one that begins with a hyphen for an option.
	 */
	add(
		roles: readonly Role[],
		given: { readonly clientId?: string; readonly clientSecret?: string } = {},
	): Principal {
		const principal: Principal = {
			id: randomUUID(),
			clientId: given.clientId ?? randomUUID(),
			clientSecret: given.clientSecret ?? randomBytes(24).toString("hex"),
			roles,
		};
		this.#principals.set(principal.clientId, principal);
		return principal;
	}

	/** Returns the application with this client id, or undefined. */
	get(clientId: string): Principal | undefined {
		return this.#principals.get(clientId);
	}

	/**
	 * Replaces the roles of an application; returns undefined if it does not exist. A hub applies them at once, even to
	 * earlier tokens. Graph applies the roles in the token, so that a new token is needed.
	 */
	setRoles(clientId: string, roles: readonly Role[]): Principal | undefined {
		const before = this.#principals.get(clientId);
		if (before === undefined) return undefined;
		const principal = { ...before, roles };
		this.#principals.set(clientId, principal);
		return principal;
	}
}
