import type { JsonObject } from "../json.ts";
import { readSettings, type SettingRules } from "../readSettings.ts";
import { type AutopilotSwitches, DEFAULT_AUTOPILOT } from "./switches.ts";

/** The profiles that there are. */
export const PROFILES = ["live", "seed"] as const;

const RULES: SettingRules<AutopilotSwitches> = {
	owner: "Autopilot",
	defaults: DEFAULT_AUTOPILOT,
	choices: {
		profile: PROFILES,
		statuses: ["observed", "documented"],
		refusedImport: ["nothing", "before"],
		hiddenHash: ["null", "empty"],
		unsetIds: ["empty", "zero"],
		foreignCode: [808, 806],
		approvalStatus: [403, 412],
		unknownProperties: ["reject", "ignore"],
		identityFilter: ["contains", "none"],
		hyphenFilter: ["reject", "accept"],
		blankFilter: ["reject", "accept"],
		badDisplayName: ["reject", "accept"],
		assignUser: ["accept", "reject"],
	},
};

/** Reads switches of the Autopilot service from JSON; throws a TypeError for a name or value that there is not. */
export function readAutopilotSwitches(value: JsonObject): Partial<AutopilotSwitches> {
	return readSettings(value, RULES);
}
