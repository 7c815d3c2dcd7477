import { existsSync } from "node:fs";
import { ConfigurationError } from "./errors.ts";
import type { Setting, SettingReader } from "./reader.ts";

/** The file that a setting names, which must be there; undefined where nothing is set. */
export function readExistingFilePath(reader: SettingReader, setting: Setting): string | undefined {
	const filePath = reader.get(setting);
	if (filePath === undefined || existsSync(filePath)) return filePath;
	throw new ConfigurationError(
		setting.key,
		`names the file "${filePath}", which does not exist here (${process.cwd()})`,
	);
}
