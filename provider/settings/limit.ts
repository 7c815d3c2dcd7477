import type { Setting, SettingReader } from "./reader.ts";

/** The limit that a setting sets, with its key for messages; undefined where it is not set and there is none. */
export function limitBy(
	reader: SettingReader,
	setting: Setting,
): { readonly most: number; readonly setting: string } | undefined {
	const most = reader.amount(setting);
	return most === undefined ? undefined : { most, setting: setting.key };
}
