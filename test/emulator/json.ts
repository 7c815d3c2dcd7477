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
