import type { ConfigSource } from "../runtime.ts";
import { isObject } from "../values.ts";
import { unwrapSecrets } from "./stateSecrets.ts";

/** The settings of a provider that a program creates: its arguments, as state has them. */
export interface ProviderSettings {
	readonly settings: ReadonlyMap<string, string>;
	/** The secret texts among them. */
	readonly secrets: readonly string[];
}

/** The type of the providers of dynamic resources. */
const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

/** Matches the name of a default provider, which has the stack's configuration of the last `up` (pulumi/pulumi `sdk/go/common/providers`). */
const DEFAULT_PROVIDER_NAME = /^default(_|$)/;

/**
 * Lists the settings of the providers that a program creates, by the reference with which resources name their provider.
 *
 * @param resources the resources of a stack's state
 */
export function listProviderSettings(resources: readonly unknown[]): ReadonlyMap<string, ProviderSettings> {
	const settings = new Map<string, ProviderSettings>();
	for (const resource of resources) {
		if (!isObject(resource) || resource["type"] !== PROVIDER_TYPE) continue;
		const { urn, id, inputs } = resource;
		const name = String(urn).split("::").slice(3).join("::");
		if (DEFAULT_PROVIDER_NAME.test(name)) continue;
		const { values, secretTexts } = unwrapSecrets(isObject(inputs) ? inputs : {});
		const texts = Object.entries(values).map(([key, value]): [string, string] => [
			key,
			typeof value === "string" ? value : JSON.stringify(value),
		]);
		settings.set(`${String(urn)}::${String(id)}`, { settings: new Map(texts), secrets: secretTexts });
	}
	return settings;
}

/** Returns the settings of a provider; those that are encrypted in state can be given to the command. */
export function createProviderConfig({ settings }: ProviderSettings, given: ConfigSource): ConfigSource {
	const { describeHowToSet } = given;
	return Object.assign((key: string) => settings.get(key) ?? given(key), {
		keys: [...settings.keys()],
		isFromProvider: true,
		...(describeHowToSet && { describeHowToSet }),
	});
}
