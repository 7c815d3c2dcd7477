import type { Setting, SettingReader } from "./reader.ts";

// During `destroy`, `refresh` and the deletion of resources that left the program, Pulumi passes the configuration of the
// last `up`. Only the environment reaches the provider then, so either source may set the stricter value of a protection.

/** Whether the stack's configuration or the environment sets the setting to true. */
export function isTrueInAnySource(reader: SettingReader, setting: Setting): boolean {
	return readBySource(reader, (source) => source.getBoolean(setting)).includes(true);
}

/** Returns the reaction to drift: `fail` if the stack's configuration or the environment sets it. */
export function readStrictestOnDrift(reader: SettingReader, setting: Setting): "reconcile" | "fail" {
	const values = readBySource(reader, (source) => source.getOneOf(setting, ["reconcile", "fail"]));
	return values.includes("fail") ? "fail" : "reconcile";
}

/** A configured limit, and where it is set. */
export interface ConfiguredLimit {
	readonly max: number;
	/** The setting's key. */
	readonly setting: string;
	/** The environment variable that sets it; absent if the stack's configuration does. */
	readonly variable?: string;
}

/** Returns the smaller limit of the stack's configuration and the environment; undefined if neither sets one. */
export function readStrictestLimit(reader: SettingReader, setting: Setting): ConfiguredLimit | undefined {
	const limits = readBySource(reader, (source) => readLimit(source, setting));
	return limits.filter((limit) => limit !== undefined).sort((a, b) => a.max - b.max)[0];
}

function readBySource<Value>(
	reader: SettingReader,
	readFrom: (source: SettingReader) => Value,
): readonly Value[] {
	return reader.splitBySource().map(readFrom);
}

function readLimit(source: SettingReader, setting: Setting): ConfiguredLimit | undefined {
	const max = source.getNonNegativeInteger(setting);
	if (max === undefined) return undefined;
	const variable = source.getWithSource(setting)?.variable;
	return { max, setting: setting.key, ...(variable === undefined ? {} : { variable }) };
}
