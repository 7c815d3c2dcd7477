import type { JsonObject } from "../json.ts";
import { requireOnly } from "../readValue.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";

/** The words that a switch takes; of the others the default's type decides. */
const CHOICES: Partial<Record<keyof Switches, readonly unknown[]>> = {
	wire: ["2020", "2026"],
	unquotedIfMatch: ["accept", "reject", "ignore"],
	emptyIfMatchOnExisting: ["conflict", "overwrite"],
	deleteMissingWithoutIfMatch: [404, 412],
	bodyDeviceId: ["overwrite", "reject"],
	unknownScope: ["accept", "reject"],
	bulkErrorCodes: ["names", "numbers"],
	sasClock: ["virtual", "real"],
};

/** Reads switches from JSON; throws a TypeError for a name or value that there is not. */
export function readSwitches(value: JsonObject): Partial<Switches> {
	const names = Object.keys(DEFAULT_SWITCHES) as Array<keyof Switches>;
	requireOnly(value, names, "The emulator");
	for (const name of names) if (value[name] !== undefined) requireSwitch(name, value[name]);
	return value as Partial<Switches>;
}

function requireSwitch(name: keyof Switches, value: unknown): void {
	const choices = CHOICES[name];
	if (choices !== undefined && !choices.includes(value)) {
		throw new TypeError(`${name} must be one of ${choices.join(", ")}`);
	}
	if (typeof value !== typeof DEFAULT_SWITCHES[name]) {
		throw new TypeError(`${name} must be a ${typeof DEFAULT_SWITCHES[name]}`);
	}
	if (typeof value === "number" && !(value >= 0)) throw new TypeError(`${name} must not be below zero`);
}
