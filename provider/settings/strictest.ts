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
