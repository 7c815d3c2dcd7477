import { existsSync } from "node:fs";

/** One thing that a user can set, in the stack's configuration or in the environment. */
export interface Setting {
	/** The configuration key with its namespace: `iothub:hostName`. */
	readonly key: string;
	/** Environment variables that stand in for it, the first one that is set counts. */
	readonly env: readonly string[];
	/** Whether the command that sets it needs `--secret`. */
	readonly secret?: true;
	/** What goes there, for the command in messages and for the documentation: `<hub>.azure-devices.net`. */
	readonly example: string;
	/** What it means, in one sentence. */
	readonly meaning: string;
}

/** A setting's text, and where it was found. */
export interface SettingValue {
	readonly text: string;
	/** The environment variable that holds it; absent where it is the stack's configuration. */
	readonly variable?: string;
}

/**
 * Where settings come from. The stack's configuration takes precedence over the environment, except for the settings that
 * protect objects: of those the stricter value counts.
 */
export interface SettingSources {
	/** Looks a key up in the stack's configuration. */
	readonly config: (key: string) => string | undefined;
	readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads settings and explains what is wrong with them. */
export class SettingReader {
	readonly #sources: SettingSources;

	constructor(sources: SettingSources) {
		this.#sources = sources;
	}

	/** The setting's text, or undefined where it is set nowhere; an empty text counts as not set. */
	get(setting: Setting): string | undefined {
		return this.getWithSource(setting)?.text;
	}

	/** The same, with where it was found. */
	getWithSource({ key, env: variables }: Setting): SettingValue | undefined {
		const { config, env } = this.#sources;
		const text = config(key);
		if (text) return { text };
		const variable = variables.find((name) => env[name]);
		return variable === undefined ? undefined : { text: env[variable] ?? "", variable };
	}

	/** Two readers: one of the stack's configuration alone, and one of the environment alone. */
	splitBySource(): readonly [configuration: SettingReader, environment: SettingReader] {
		const { config, env } = this.#sources;
		return [new SettingReader({ config, env: {} }), new SettingReader({ config: () => undefined, env })];
	}

	/** The setting's text; an error that tells how to set it where there is none. */
	require(setting: Setting, reason: string): string {
		const text = this.get(setting);
		if (text === undefined)
			throw new ConfigurationError(setting.key, `is not set${reason}. ${describeHowToSet(setting)}`);
		return text;
	}

	/** A setting that takes one of a few words. */
	getOneOf<const Word extends string>(setting: Setting, allowedValues: readonly Word[]): Word | undefined {
		const found = this.getWithSource(setting);
		const word = allowedValues.find((candidate) => candidate === found?.text);
		if (found === undefined || word !== undefined) return word;
		throw new ConfigurationError(
			setting.key,
			`${describeSettingValue(found)}; it takes ${allowedValues.map((name) => `"${name}"`).join(" or ")}`,
		);
	}

	/** A setting that is true or false. */
	getBoolean(setting: Setting): boolean | undefined {
		const word = this.getOneOf(setting, ["true", "false"]);
		return word === undefined ? undefined : word === "true";
	}

	/** A setting that is a whole number of at least one. */
	getPositiveInteger(setting: Setting): number | undefined {
		const found = this.getWithSource(setting);
		if (found === undefined) return undefined;
		if (/^[1-9]\d{0,6}$/.test(found.text)) return Number(found.text);
		throw new ConfigurationError(
			setting.key,
			`${describeSettingValue(found)}; it takes a whole number of at least 1`,
		);
	}

	/** A setting that is a whole number, which may be none. */
	getNonNegativeInteger(setting: Setting): number | undefined {
		const found = this.getWithSource(setting);
		if (found === undefined) return undefined;
		if (/^\d{1,7}$/.test(found.text)) return Number(found.text);
		throw new ConfigurationError(
			setting.key,
			`${describeSettingValue(found)}; it takes a whole number, 0 for none`,
		);
	}

	/** An environment variable that some other program sets for us: a pipeline's token, for example. */
	getEnvironmentVariable(name: string): string | undefined {
		return this.#sources.env[name] || undefined;
	}
}

/** The fault's beginning: `is "many"`, with the environment variable where the text is from there. */
function describeSettingValue({ text, variable }: SettingValue): string {
	return `is "${text}"${variable === undefined ? "" : ` in the environment variable ${variable}`}`;
}

/** The sentence that tells how to set a setting. */
export function describeHowToSet({ key, env, secret, example }: Setting): string {
	const variable = env.length === 0 ? "" : `, or set the environment variable ${env[0]}`;
	return `Run \`pulumi config set ${secret ? "--secret " : ""}${key} ${example}\`${variable}.`;
}

/** A setting that is missing, malformed or at odds with another one. Found before any request is sent. */
export class ConfigurationError extends Error {
	override readonly name = "ConfigurationError";
	readonly code = "ConfigurationError";
	/** The configuration key: `iothub:connectionString`. */
	readonly key: string;

	/** @param problem what is wrong with it and what to do, as the rest of a sentence that begins with the key */
	constructor(key: string, problem: string) {
		super(`${key} ${problem}`);
		this.key = key;
	}
}

/** The file that a setting names, which must be there; undefined where nothing is set. */
export function readExistingFilePath(reader: SettingReader, setting: Setting): string | undefined {
	const filePath = reader.get(setting);
	if (filePath === undefined || existsSync(filePath)) return filePath;
	throw new ConfigurationError(
		setting.key,
		`names the file "${filePath}", which does not exist here (${process.cwd()})`,
	);
}
