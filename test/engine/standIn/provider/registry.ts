import { formatProviderReference, getType, parseProviderPackage } from "../urn.ts";
import type { PropertyMap } from "../values/value.ts";
import { Provider } from "./provider.ts";
import type { ProviderProcess } from "./providerProcess.ts";

const DYNAMIC_PACKAGE = "pulumi-nodejs";

/**
 * The providers of an operation, each under its reference (pkg/resource/deploy/providers/registry.go). A process
 * starts when its provider is configured: there is one per provider resource, and so one per operation as a rule.
 */
export class Registry {
	readonly #providers = new Map<string, Promise<Provider>>();
	readonly #start: () => Promise<ProviderProcess>;
	#spare: Promise<ProviderProcess> | undefined;

	constructor(start: () => Promise<ProviderProcess>) {
		this.#start = start;
	}

	/** Starts a process that the next provider will take, while there is still something else to wait for. */
	warmUp(): void {
		this.#spare = this.#start();
		this.#spare.catch(() => {});
	}

	/** The provider behind a reference, if it was configured. */
	get(reference: string): Promise<Provider> | undefined {
		return this.#providers.get(reference);
	}

	/** Starts and configures a provider unless it runs already under that URN and id. */
	async same(urn: string, id: string, inputs: PropertyMap): Promise<void> {
		const reference = formatProviderReference(urn, id);
		if (!this.#providers.has(reference)) await this.configure(urn, id, inputs);
	}

	/** Starts and configures a provider, ending the one that ran under that URN and id. */
	async configure(urn: string, id: string, inputs: PropertyMap): Promise<void> {
		const reference = formatProviderReference(urn, id);
		const before = this.#providers.get(reference);
		const started = this.#launch(urn, inputs);
		this.#providers.set(reference, started);
		await started;
		await (await before)?.close();
	}

	/** Ends one provider, if it runs. */
	async delete(urn: string, id: string): Promise<void> {
		const reference = formatProviderReference(urn, id);
		const provider = this.#providers.get(reference);
		this.#providers.delete(reference);
		await (await provider)?.close();
	}

	/** Ends them all. */
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
