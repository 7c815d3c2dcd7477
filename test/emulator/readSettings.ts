import type { JsonObject } from "./json.ts";
import { requireOnly } from "./readValue.ts";

/** What settings are checked against. */
export interface SettingRules<Settings> {
	/** Whose they are, for error texts. */
	readonly owner: string;
	/** All of them with their defaults, whose types decide. */
	readonly defaults: Settings;
	/** The values of those that take only some. */
	readonly choices: { readonly [Name in keyof Settings]?: readonly unknown[] };
}

/** Reads settings from JSON; throws a TypeError for a name or value that there is not. */
export function readSettings<Settings extends object>(
	value: JsonObject,
	rules: SettingRules<Settings>,
): Partial<Settings> {
	const names = Object.keys(rules.defaults);
	requireOnly(value, names, rules.owner);
	for (const name of names) if (value[name] !== undefined) requireSetting(name, value[name], rules);
	return value as Partial<Settings>;
}

function requireSetting<Settings>(
	name: string,
	value: unknown,
	{ defaults, choices }: SettingRules<Settings>,
): void {
	const allowed = choices[name as keyof Settings];
	if (allowed !== undefined && !allowed.includes(value)) {
		throw new TypeError(`${name} must be one of ${allowed.join(", ")}`);
	}
	const type = typeof defaults[name as keyof Settings];
	if (typeof value !== type) throw new TypeError(`${name} must be a ${type}`);
	if (typeof value === "number" && !(value >= 0)) throw new TypeError(`${name} must not be below zero`);
}
