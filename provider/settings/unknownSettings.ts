import { findSuggestion, isMisspelling } from "../text/suggestions.ts";
import { ConfigurationError, type Setting, type SettingSources } from "./reader.ts";

/** The settings of one namespace. */
export interface SettingNamespace {
	/** The part of the keys before the colon: `iothub`. */
	readonly name: string;
	readonly settings: readonly Setting[];
	/** Those that protect objects, whose absence nobody would notice. */
	readonly guards: readonly Setting[];
}

/**
 * Throws if the stack's configuration has a key in the namespace that is not a setting, or if the environment has a variable that looks
 * like that of a guard: a misspelt limit would protect nothing. Other software reads variables of the same prefix, so only those are
 * refused that are within two letters of a guard's. The keys of a project that has the namespace's name are its own, except those
 * within two letters of a setting's.
 */
export function refuseUnknownSettings(sources: SettingSources, namespace: SettingNamespace): void {
	const { keys = [], projectName } = sources.config;
	const knownKeys = namespace.settings.map(({ key }) => key);
	for (const key of keys) {
		if (!key.startsWith(`${namespace.name}:`) || knownKeys.includes(key)) continue;
		const suggestion = findSuggestion(key, knownKeys);
		if (suggestion === undefined && projectName === namespace.name) continue;
		throw createUnknownKeyError(key, suggestion, {
			...namespace,
			isFromProvider: sources.config.isFromProvider === true,
		});
	}
	const knownVariables = namespace.guards.flatMap(({ env }) => env);
	for (const name of Object.keys(sources.env)) {
		if (!sources.env[name] || knownVariables.includes(name)) continue;
		const suggestion = knownVariables.find((known) => isMisspelling(name, known));
		if (suggestion !== undefined)
			throw new ConfigurationError(
				`The environment variable ${name}`,
				`is not read. Did you mean ${suggestion}? Set that one, and unset ${name}.`,
			);
	}
}

/** Creates the error for a key that is not a setting. `destroy` uses the configuration of the last `up`, so it has a remedy of its own. */
function createUnknownKeyError(
	key: string,
	suggestion: string | undefined,
	{ settings, isFromProvider }: SettingNamespace & { readonly isFromProvider: boolean },
): ConfigurationError {
	const meant =
		suggestion === undefined
			? `The settings are: ${settings.map((setting) => setting.key).join(", ")}.`
			: `Did you mean ${suggestion}?`;
	if (isFromProvider)
		return new ConfigurationError(
			key,
			`is not a setting. ${meant} Correct the arguments of the provider; then \`pulumi up\` works, and so does ` +
				"`pulumi destroy --run-program`. Without `--run-program`, `destroy` and `refresh` use the arguments of the last `up`.",
		);
	return new ConfigurationError(
		key,
		`is not a setting. ${meant} Run \`pulumi config rm ${key}\`${suggestion === undefined ? "" : " and set the right key"}; then \`pulumi up\` works, and so does ` +
			"`pulumi destroy --run-program`. Without `--run-program`, `destroy` and `refresh` use the configuration of the last `up`.",
	);
}
