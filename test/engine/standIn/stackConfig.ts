import type { ConfigValue } from "../engine.ts";
import { type PropertyMap, Secret } from "./values/value.ts";

/** The configuration of a stack, in the formats for a program and its provider. */
export class StackConfig {
	readonly #project: string;
	readonly #values = new Map<string, ConfigValue>();

	constructor(project: string, values: Readonly<Record<string, ConfigValue>>) {
		this.#project = project;
		for (const [key, value] of Object.entries(values)) this.set(key, value);
	}

	/** Sets a key; without a namespace it belongs to the project. */
	set(key: string, value: ConfigValue): void {
		this.#values.set(this.#full(key), value);
	}

	/** Removes a key. */
	remove(key: string): void {
		this.#values.delete(this.#full(key));
	}

	/** Returns all values, decrypted, for the program. */
	plain(): Record<string, string> {
		return Object.fromEntries([...this.#values].map(([key, value]) => [key, getText(value)]));
	}

	/** Returns the keys with secret values. */
	secretKeys(): string[] {
		return [...this.#values].filter(([, value]) => typeof value !== "string").map(([key]) => key);
	}

	/** Returns all values as the inputs of the default provider. */
	properties(): PropertyMap {
		return Object.fromEntries(
			[...this.#values].map(([key, value]) => [
				key,
				typeof value === "string" ? value : new Secret(value.secret),
			]),
		);
	}

	#full(key: string): string {
		return key.includes(":") ? key : `${this.#project}:${key}`;
	}
}

const getText = (value: ConfigValue): string => (typeof value === "string" ? value : value.secret);
