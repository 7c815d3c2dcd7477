import type { Setting, SettingReader } from "./reader.ts";

// During `destroy`, `refresh` and the deletion of resources that left the program, Pulumi passes the configuration of the
// last `up`. Only the environment reaches the provider then, so either source may set the stricter value of a protection.

/** Whether the stack's configuration or the environment sets the setting to true. */
export function isTrueInAnySource(reader: SettingReader, setting: Setting): boolean {
	return readBySource(reader, (source) => source.getBoolean(setting)).includes(true);
}

/** The configured reaction to drift, and where it is set. */
export interface ConfiguredOnDrift {
	readonly policy: "reconcile" | "fail";
	/** The setting's key. */
	readonly setting: string;
	/** Whether the stack's configuration sets this policy. */
	readonly isConfigured: boolean;
	/** The environment variable that sets it; absent if none does. */
	readonly variable?: string;
	/** Whether the settings are a provider's arguments. Default: they are the stack's configuration. */
	readonly isFromProvider?: true;
}

/** Returns the reaction to drift: `fail` if the stack's configuration or the environment sets it. */
export function readStrictestOnDrift(reader: SettingReader, setting: Setting): ConfiguredOnDrift {
	const values = readBySource(reader, (source) => source.getOneOf(setting, ["reconcile", "fail"]));
	const policy = values.includes("fail") ? "fail" : "reconcile";
	const [configured, fromEnvironment] = values.map((value) => value === policy);
	const variable = reader.splitBySource()[1].getWithSource(setting)?.variable;
	return {
		policy,
		setting: setting.key,
		isConfigured: configured === true,
		...describeSource(reader),
		...(fromEnvironment && variable !== undefined ? { variable } : {}),
	};
}

/** A configured limit, and where it is set. */
export interface ConfiguredLimit {
	readonly max: number;
	/** The setting's key. */
	readonly setting: string;
	/** The environment variable that sets it; absent if the stack's configuration or a provider's argument does. */
	readonly variable?: string;
	/** Whether the settings are a provider's arguments. Default: they are the stack's configuration. */
	readonly isFromProvider?: true;
}

/** Returns the smaller limit of the stack's configuration and the environment; undefined if neither sets one. */
export function readStrictestLimit(reader: SettingReader, setting: Setting): ConfiguredLimit | undefined {
	const limits = readBySource(reader, (source) => readLimit(source, setting));
	const strictest = limits.filter((limit) => limit !== undefined).sort((a, b) => a.max - b.max)[0];
	return strictest && { ...strictest, ...describeSource(reader) };
}

function describeSource({ isFromProvider }: SettingReader): Pick<ConfiguredLimit, "isFromProvider"> {
	return isFromProvider ? { isFromProvider } : {};
}

function readBySource<Value>(
	reader: SettingReader,
	readFrom: (source: SettingReader) => Value,
): readonly Value[] {
	return reader.splitBySource().map(readFrom);
}

function readLimit(
	source: SettingReader,
	setting: Setting,
): Omit<ConfiguredLimit, "isFromProvider"> | undefined {
	const max = source.getNonNegativeInteger(setting);
	if (max === undefined) return undefined;
	const variable = source.getWithSource(setting)?.variable;
	return { max, setting: setting.key, ...(variable === undefined ? {} : { variable }) };
}
