/** The members of a JSON object; of anything else, none. */
export function asObject(json: unknown): Readonly<Record<string, unknown>> {
	return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : {};
}

/** The text, or undefined for anything that is none; null means absent on this wire. */
export function asString(json: unknown): string | undefined {
	return typeof json === "string" ? json : undefined;
}

/** The texts of a JSON list; of anything else, none. */
export function asStrings(json: unknown): string[] {
	return Array.isArray(json) ? json.filter((item) => typeof item === "string") : [];
}
