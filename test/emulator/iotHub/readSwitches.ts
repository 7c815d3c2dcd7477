import type { JsonObject } from "../json.ts";
import { readSettings, type SettingRules } from "../readSettings.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";

const RULES: SettingRules<Switches> = {
	owner: "The emulator",
	defaults: DEFAULT_SWITCHES,
	choices: {
		wire: ["2020", "2026"],
		unquotedIfMatch: ["accept", "reject", "ignore"],
		emptyIfMatchOnExisting: ["conflict", "overwrite"],
		deleteMissingWithoutIfMatch: [404, 412],
		bodyDeviceId: ["overwrite", "reject"],
		unknownScope: ["accept", "reject"],
		bulkErrorCodes: ["names", "numbers"],
		sasClock: ["virtual", "real"],
	},
};

/** Reads switches from JSON; throws a TypeError for a name or value that there is not. */
export function readSwitches(value: JsonObject): Partial<Switches> {
	return readSettings(value, RULES);
}
