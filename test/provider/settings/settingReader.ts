import { type Setting, SettingReader } from "../../../provider/settings/reader.ts";

type Texts = Readonly<Record<string, string>>;

/** A reader of these settings and of this environment, and of nothing else. */
export function createSettingReader(config: Texts, env: Texts = {}): SettingReader {
	return new SettingReader({ config: (key) => config[key], env });
}

/** A setting with some words for its documentation. */
export function createSetting(key: string, rest: Partial<Setting> = {}): Setting {
	return { key, env: [], example: "<value>", meaning: "Something.", ...rest };
}
