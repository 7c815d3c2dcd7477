import { existsSync } from "node:fs";

/** A setting in the stack's configuration or in the environment. */
export interface Setting {
	/** The configuration key with its namespace: `iothub:hostName`. */
	readonly key: string;
	/** Environment variables that set it, too; the first one that is set counts. */
	readonly env: readonly string[];
	/** Whether the command that sets it needs `--secret`. */
	readonly secret?: true;
	/** An example of the value, for the command in messages and for the documentation: `<hub>.azure-devices.net`. */
	readonly example: string;
	/** What the setting does, in Markdown. The page of settings is generated from it. */
	readonly description: string;
	/** The value if it is not set, in Markdown; absent if there is none. */
	readonly default?: string;
}

/** A setting's value and where it was found. */
export interface SettingValue {
	readonly text: string;
	/** The environment variable that holds it; absent if the stack's configuration does. */
	readonly variable?: string;
}

/** A stack's configuration. */
export interface SettingConfig {
	/** Returns a value by its full key. */
	(key: string): string | undefined;
	/** All keys; absent if they cannot be listed. */
	readonly keys?: readonly string[];
	/** The project's name, which is the namespace of the keys that the program reads for itself; absent if it is not known. */
	readonly projectName?: string;
	/** Whether the settings are arguments of a provider that the program creates. Default: they are the stack's configuration. */
	readonly isFromProvider?: boolean;
}

/**
 * The sources of settings. The stack's configuration takes precedence over the environment, except for settings that
 * protect objects: their stricter value counts.
 */
export interface SettingSources {
	/** The stack's configuration. */
	readonly config: SettingConfig;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Returns the sentence that describes how to set a setting. Default: with `pulumi config set`. */
	readonly describeHowToSet?: (setting: Setting) => string;
}

/** Reads settings, and throws a ConfigurationError for an invalid one. */
export class SettingReader {
	readonly #sources: SettingSources;

	constructor(sources: SettingSources) {
		this.#sources = sources;
	}

	/** Returns the setting's text; undefined if it is not set. An empty text counts as not set. */
	get(setting: Setting): string | undefined {
		return this.getWithSource(setting)?.text;
	}

	/** Returns the setting's text with its source; undefined if it is not set. */
	getWithSource({ key, env: variables }: Setting): SettingValue | undefined {
		const { config, env } = this.#sources;
		const text = config(key);
		if (text) return { text };
		const variable = variables.find((name) => env[name]);
		return variable === undefined ? undefined : { text: env[variable] ?? "", variable };
	}

	/** Returns two readers: one of the stack's configuration only, one of the environment only. */
	splitBySource(): readonly [configuration: SettingReader, environment: SettingReader] {
		const { config, env } = this.#sources;
		return [new SettingReader({ config, env: {} }), new SettingReader({ config: () => undefined, env })];
	}

	/** Returns the setting's text. Throws an error that describes how to set it if it is not set. */
	require(setting: Setting, reason: string): string {
		const text = this.get(setting);
		if (text === undefined)
			throw new ConfigurationError(setting.key, `is not set${reason}. ${this.describeHowToSet(setting)}`);
		return text;
	}

	/** Returns the sentence that describes how to set a setting. */
	describeHowToSet(setting: Setting): string {
		if (this.#sources.describeHowToSet !== undefined) return this.#sources.describeHowToSet(setting);
		return this.isFromProvider ? describeProviderArgument(setting) : describeHowToSet(setting);
	}

	/** Whether the settings are arguments of a provider that the program creates, and not the stack's configuration. */
	get isFromProvider(): boolean {
		return this.#sources.config.isFromProvider === true;
	}

	/** Returns a setting that must be one of the allowed values. */
	getOneOf<const Value extends string>(setting: Setting, allowedValues: readonly Value[]): Value | undefined {
		return this.#parse(
			setting,
			(text) => allowedValues.find((candidate) => candidate === text),
			allowedValues.map((name) => `"${name}"`).join(" or "),
		);
	}

	/** Returns a setting that must be true or false. */
	getBoolean(setting: Setting): boolean | undefined {
		const text = this.getOneOf(setting, ["true", "false"]);
		return text === undefined ? undefined : text === "true";
	}

	/** Returns a setting that must be a whole number of at least 1. */
	getPositiveInteger(setting: Setting): number | undefined {
		return this.#parse(
			setting,
			(text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined),
			"a whole number of at least 1",
		);
	}

	/** Returns a setting that must be a whole number; 0 is allowed. */
	getNonNegativeInteger(setting: Setting): number | undefined {
		return this.#parse(
			setting,
			(text) => (/^\d{1,7}$/.test(text) ? Number(text) : undefined),
			"a whole number, 0 for none",
		);
	}

	#parse<Value>(
		setting: Setting,
		parse: (text: string) => Value | undefined,
		expectation: string,
	): Value | undefined {
		const found = this.getWithSource(setting);
		if (found === undefined) return undefined;
		const value = parse(found.text);
		if (value !== undefined) return value;
		throw new ConfigurationError(setting.key, `${describeSettingValue(found)}; it must be ${expectation}`);
	}

	/** Returns an environment variable that another program sets, such as a pipeline's token; undefined if it is empty. */
	getEnvironmentVariable(name: string): string | undefined {
		return this.#sources.env[name] || undefined;
	}
}

/** Formats the start of a problem: `is "many"`, with the environment variable if the value comes from one. */
function describeSettingValue({ text, variable }: SettingValue): string {
	return `is "${text}"${variable === undefined ? "" : ` in the environment variable ${variable}`}`;
}

/** Returns the sentence that describes how to set a setting. */
export function describeHowToSet({ key, env, secret, example }: Setting): string {
	const variable = env.length === 0 ? "" : `, or set the environment variable ${env[0]}`;
	return `Run \`pulumi config set ${secret ? "--secret " : ""}${key} ${example}\`${variable}.`;
}

/** Returns the sentence that describes how to set a setting of a provider that the program creates. */
function describeProviderArgument({ key, env, secret, example }: Setting): string {
	const value = secret ? `pulumi.secret("${example}")` : `"${example}"`;
	const variable = env.length === 0 ? "" : `, or set the environment variable ${env[0]}`;
	return `Give the resource's provider the argument \`"${key}": ${value}\`${variable}.`;
}

/** A setting is missing, invalid or in conflict with another one. It is thrown before any request is sent. */
export class ConfigurationError extends Error {
	override readonly name = "ConfigurationError";
	readonly code = "ConfigurationError";
	/** Every object of the service needs the same settings. */
	readonly scope = "service";
	/** The configuration key: `iothub:connectionString`. */
	readonly key: string;

	/** @param problem the problem and its remedy, as the rest of a sentence that begins with the key */
	constructor(key: string, problem: string) {
		super(`${key} ${problem}`);
		this.key = key;
	}
}

/** Returns the path that a setting names, where a file must exist; undefined if it is not set. */
export function readExistingFilePath(reader: SettingReader, setting: Setting): string | undefined {
	const filePath = reader.get(setting);
	if (filePath === undefined || existsSync(filePath)) return filePath;
	throw new ConfigurationError(
		setting.key,
		`names the file "${filePath}", which does not exist here (${process.cwd()})`,
	);
}
