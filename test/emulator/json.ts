/** A JSON object with unchecked members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns whether a value is a JSON object: not null, an array or a scalar. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns the member with the given name in any case: the service reads its JSON case-insensitively, and Azure IoT
 * Explorer and the .NET client use different cases. The exact spelling wins if both exist.
 */
export function getMember(object: JsonObject, name: string): unknown {
	if (Object.hasOwn(object, name)) return object[name];
	const wanted = name.toLowerCase();
	return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** Parses JSON; returns undefined if it is invalid (empty, truncated, too deep). A byte order mark is skipped. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ""));
	} catch {
		return undefined;
	}
}

/** Returns a value that must be an object; the error names it otherwise. */
export function requireObject(value: unknown, name: string): JsonObject {
	if (isObject(value)) return value;
	throw new TypeError(`${name} must be an object`);
}

/** Returns a member that must be a string. */
export function requireText(holder: JsonObject, name: string): string {
	const value = holder[name];
	if (typeof value === "string") return value;
	throw new TypeError(`${name} must be a string`);
}

/** Returns a member that must be a finite number not below zero, or absent. */
export function readOptionalNumber(holder: JsonObject, name: string): number | undefined {
	const value = holder[name];
	if (value === undefined) return undefined;
	if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
	throw new TypeError(`${name} must be a number not below zero`);
}

/** Returns a member that must be one of the given values, or absent. */
export function readOptionalChoice<const Word extends string>(
	holder: JsonObject,
	name: string,
	words: readonly Word[],
): Word | undefined {
	const value = holder[name];
	if (value === undefined) return undefined;
	const word = words.find((candidate) => candidate === value);
	if (word !== undefined) return word;
	throw new TypeError(`${name} must be one of ${words.join(", ")}`);
}

/** Rejects unknown members, which are usually misspelt. */
export function requireOnly(holder: JsonObject, names: readonly string[], what: string): void {
	const strange = Object.keys(holder).filter((key) => !names.includes(key));
	if (strange.length > 0)
		throw new TypeError(`${what} has no ${strange.join(", ")}; it has ${names.join(", ")}`);
}

/** The rules for reading settings. */
export interface SettingRules<Settings> {
	/** The owner of the settings, for error messages. */
	readonly owner: string;
	/** All settings with their defaults, which determine the types. */
	readonly defaults: Settings;
	/** The allowed values of settings that are restricted. */
	readonly choices: { readonly [Name in keyof Settings]?: readonly unknown[] };
}

/** Reads settings from JSON; throws a TypeError for an unknown name or value. */
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
