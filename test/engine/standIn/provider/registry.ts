import { formatProviderReference, getType, parseProviderPackage } from "../urn.ts";
import type { PropertyMap } from "../values/value.ts";
import { Provider } from "./provider.ts";
import type { ProviderProcess } from "./providerProcess.ts";

const DYNAMIC_PACKAGE = "pulumi-nodejs";

/**
 * The providers of an operation by reference (pkg/resource/deploy/providers/registry.go). A process starts when its
 * provider is configured: one per provider resource, and so usually one per operation.
 */
export class Registry {
	readonly #providers = new Map<string, Promise<Provider>>();
	readonly #start: () => Promise<ProviderProcess>;
	#spare: Promise<ProviderProcess> | undefined;

	constructor(start: () => Promise<ProviderProcess>) {
		this.#start = start;
	}

	/** Starts a process for the next provider in advance. */
	warmUp(): void {
		this.#spare = this.#start();
		this.#spare.catch(() => {});
	}

	/** Returns the provider of a reference, if it was configured. */
	get(reference: string): Promise<Provider> | undefined {
		return this.#providers.get(reference);
	}

	/** Starts and configures a provider unless it is already running with that URN and id. */
	async same(urn: string, id: string, inputs: PropertyMap): Promise<void> {
		const reference = formatProviderReference(urn, id);
		if (!this.#providers.has(reference)) await this.configure(urn, id, inputs);
	}

	/** Starts and configures a provider, and ends the previous one with that URN and id. */
	async configure(urn: string, id: string, inputs: PropertyMap): Promise<void> {
		const reference = formatProviderReference(urn, id);
		const before = this.#providers.get(reference);
		const started = this.#launch(urn, inputs);
		this.#providers.set(reference, started);
		await started;
		await (await before)?.close();
	}

	/** Ends one provider, if it is running. */
	async delete(urn: string, id: string): Promise<void> {
		const reference = formatProviderReference(urn, id);
		const provider = this.#providers.get(reference);
		this.#providers.delete(reference);
		await (await provider)?.close();
	}

	/** Ends all providers. */
	async close(): Promise<void> {
		const spare = this.#spare === undefined ? [] : [this.#spare];
		this.#spare = undefined;
		const all = await Promise.allSettled([...this.#providers.values(), ...spare]);
		await Promise.all(
			all.map((result) => (result.status === "fulfilled" ? result.value.close() : undefined)),
		);
	}

	async #launch(urn: string, inputs: PropertyMap): Promise<Provider> {
		const name = parseProviderPackage(getType(urn));
		if (name !== DYNAMIC_PACKAGE) {
			throw new Error(`no resource plugin '${name}': the stand-in runs only dynamic providers`);
		}
		const process = this.#spare ?? this.#start();
		this.#spare = undefined;
		const provider = new Provider(await process);
		const { __internal: _, ...config } = inputs;
		await provider.configure(config);
		return provider;
	}
}
