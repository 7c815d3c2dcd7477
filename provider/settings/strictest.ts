import type { Setting, SettingReader } from "./reader.ts";

// In `destroy`, in `refresh` and for resources that left the program Pulumi hands over the configuration of the last
// `up`. Only the environment reaches the provider then, so for settings that protect objects either place may forbid.

/** Returns true where the stack's configuration or the environment sets the setting to true. */
export function isTrueInAnySource(reader: SettingReader, setting: Setting): boolean {
	return reader
		.splitBySource()
		.map((source) => source.getBoolean(setting))
		.includes(true);
}

/** Returns what to do about drift: `fail` where the stack's configuration or the environment says so. */
export function readStrictestOnDrift(reader: SettingReader, setting: Setting): "reconcile" | "fail" {
	const values = reader.splitBySource().map((source) => source.getOneOf(setting, ["reconcile", "fail"]));
	return values.includes("fail") ? "fail" : "reconcile";
}

/** The number that a limit is set to, and where. */
export interface ConfiguredLimit {
	readonly max: number;
	/** The setting's key. */
	readonly setting: string;
	/** The environment variable that sets it; absent where it is the stack's configuration. */
	readonly variable?: string;
}

/**
 * Returns the limit that a setting sets, the smaller one where the stack's configuration and the environment both do;
 * undefined where neither does and there is none.
 */
export function readStrictestLimit(reader: SettingReader, setting: Setting): ConfiguredLimit | undefined {
	const [configured, fromEnvironment] = reader.splitBySource().map((source) => readLimit(source, setting));
	if (configured === undefined || fromEnvironment === undefined) return configured ?? fromEnvironment;
	return fromEnvironment.max < configured.max ? fromEnvironment : configured;
}

function readLimit(source: SettingReader, setting: Setting): ConfiguredLimit | undefined {
	const max = source.getNonNegativeInteger(setting);
	if (max === undefined) return undefined;
	const variable = source.getWithSource(setting)?.variable;
	return { max, setting: setting.key, ...(variable === undefined ? {} : { variable }) };
}
