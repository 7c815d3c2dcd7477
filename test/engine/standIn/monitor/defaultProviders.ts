import type { Goal, Registered } from "../deploy/goal.ts";
import type { EventQueue } from "../deploy/source.ts";
import { formatDeniedReference, formatProviderReference, makeProviderType } from "../urn.ts";
import type { PropertyMap } from "../values/value.ts";

/**
 * Registers a package's default provider when a resource first needs it (pkg/resource/deploy/default_providers.go). A
 * dynamic provider gets the whole configuration of the stack, each key with its namespace
 * (pkg/resource/deploy/target.go, `GetPackageConfig`).
 */
export class DefaultProviders {
	readonly #queue: EventQueue;
	readonly #config: PropertyMap;
	readonly #references = new Map<string, Promise<string>>();

	constructor(queue: EventQueue, config: PropertyMap) {
		this.#queue = queue;
		this.#config = config;
	}

	/**
	 * Returns the reference of the package's default provider, at the version that the resource requests; one that no provider has if the
	 * configuration disables it.
	 */
	async reference(pkg: string, version: string): Promise<string> {
		if (this.#isDenied(pkg)) return formatDeniedReference(pkg);
		const key = `${pkg}@${version}`;
		const reference = this.#references.get(key) ?? this.#register(pkg, version);
		this.#references.set(key, reference);
		return reference;
	}

	#isDenied(pkg: string): boolean {
		const text = this.#config["pulumi:disable-default-providers"];
		const names: unknown = typeof text === "string" && text !== "" ? JSON.parse(text) : [];
		return Array.isArray(names) && names.some((name) => ["*", pkg].includes(String(name).trim()));
	}

	async #register(pkg: string, version: string): Promise<string> {
		const { state } = await new Promise<Registered>((done) => {
			this.#queue.push({ kind: "register", goal: this.#goal(pkg, version), done });
		});
		return formatProviderReference(state.urn, state.id);
	}

	#goal(pkg: string, version: string): Goal {
		return {
			type: makeProviderType(pkg),
			name: version === "" ? "default" : `default_${version.replaceAll(/[^0-9a-zA-Z]/gu, "_")}`,
			custom: true,
			properties: version === "" ? this.#config : { ...this.#config, __internal: {}, version },
			parent: "",
			protect: undefined,
			dependencies: [],
			provider: "",
			propertyDependencies: undefined,
			deleteBeforeReplace: undefined,
			ignoreChanges: [],
			additionalSecretOutputs: [],
			aliases: [],
			customTimeouts: {},
			replaceOnChanges: [],
			replacementTrigger: null,
			retainOnDelete: undefined,
			deletedWith: "",
			replaceWith: [],
			hideDiff: [],
			sourcePosition: "",
			stackTrace: [],
		};
	}
}
