import { toPrintableJson } from "./sanitize.ts";

/**
 * Returns a name or an id as a message may repeat it: nothing long, and nothing that may be a key, since the cells of a row
 * may be shifted.
 */
export function quoteName(name: string): string {
	const looksLikeKey = name.length >= MIN_KEY_LENGTH && /^[A-Za-z0-9+/]+={1,2}$/.test(name.trim());
	return name.length > MAX_QUOTED_LENGTH || looksLikeKey
		? `a string of ${name.length} characters`
		: toPrintableJson(name.trim());
}

/** Maximum length of a device id, in characters. */
const MAX_QUOTED_LENGTH = 128;

/** Length of the shortest key, 16 bytes in base64. */
const MIN_KEY_LENGTH = 24;
