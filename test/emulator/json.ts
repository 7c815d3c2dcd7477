/** A JSON object whose members are not yet trusted. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither null nor an array nor a plain value. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The member of a given name, whatever the letters' case: the service reads its JSON without regard to it, and Azure IoT
 * Explorer and the .NET client do not write the names alike. The exact spelling wins when both are there.
 */
export function getMember(object: JsonObject, name: string): unknown {
	if (Object.hasOwn(object, name)) return object[name];
	const wanted = name.toLowerCase();
	return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** The text as JSON, or undefined where it is none (empty, cut off, too deep). A byte order mark is skipped. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ""));
	} catch {
		return undefined;
	}
}

/** A value that must be an object, named in the error otherwise. */
export function requireObject(value: unknown, name: string): JsonObject {
	if (isObject(value)) return value;
	throw new TypeError(`${name} must be an object`);
}

/** A member that must be a text. */
export function requireText(holder: JsonObject, name: string): string {
	const value = holder[name];
	if (typeof value === "string") return value;
	throw new TypeError(`${name} must be a string`);
}

/** A member that must be a finite number not below zero, or absent. */
export function readOptionalNumber(holder: JsonObject, name: string): number | undefined {
	const value = holder[name];
	if (value === undefined) return undefined;
	if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
	throw new TypeError(`${name} must be a number not below zero`);
}

/** A member that must be one of a few words, or absent. */
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

/** Refuses members that nothing reads, which are misspelt ones as a rule. */
export function requireOnly(holder: JsonObject, names: readonly string[], what: string): void {
	const strange = Object.keys(holder).filter((key) => !names.includes(key));
	if (strange.length > 0)
		throw new TypeError(`${what} has no ${strange.join(", ")}; it has ${names.join(", ")}`);
}

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
