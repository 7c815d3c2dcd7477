import { randomBytes, randomUUID } from "node:crypto";
import type { Role } from "./roles.ts";

/** An application that may ask for tokens. */
export interface Principal {
	/** The object id, which error texts name. */
	readonly id: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly roles: readonly Role[];
}

/** The applications of the tenant, by client id. */
export class Principals {
	readonly #principals = new Map<string, Principal>();
	/** The application that exists from the start: it may do everything with the hub's data and with Autopilot. */
	readonly first: Principal;

	constructor() {
		this.first = this.add(["IoT Hub Data Contributor", "DeviceManagementServiceConfig.ReadWrite.All"]);
	}

	/** All applications. */
	list(): Principal[] {
		return [...this.#principals.values()];
	}

	/**
	 * Adds an application with roles; client id and secret are made up unless given. The secret has only letters and digits: one
	 * that began with a hyphen would be an option to every command.
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

	/** The application of a client id, or undefined. */
	get(clientId: string): Principal | undefined {
		return this.#principals.get(clientId);
	}

	/**
	 * Gives an application other roles; undefined when there is no such application. A hub goes by them at once, for tokens
	 * issued before too; Graph goes by the roles in the token, so that a new one is needed.
	 */
	setRoles(clientId: string, roles: readonly Role[]): Principal | undefined {
		const before = this.#principals.get(clientId);
		if (before === undefined) return undefined;
		const principal = { ...before, roles };
		this.#principals.set(clientId, principal);
		return principal;
	}
}
