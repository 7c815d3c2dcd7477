import { existsSync } from "node:fs";
import { ConfigurationError } from "./errors.ts";
import type { Setting, SettingReader } from "./reader.ts";

/** The file that a setting names, which must be there; undefined where nothing is set. */
export function existingFile(reader: SettingReader, setting: Setting): string | undefined {
	const file = reader.get(setting);
	if (file === undefined || existsSync(file)) return file;
	throw new ConfigurationError(
		setting.key,
		`names the file "${file}", which does not exist here (${process.cwd()})`,
	);
}
