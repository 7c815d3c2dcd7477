/** What moves a terminal's cursor, or turns the direction of what follows. */
const UNPRINTABLE_CHARACTERS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text without what a terminal would obey; line breaks and tabs stay. */
export function toPrintable(text: string): string {
	return text.replace(UNPRINTABLE_CHARACTERS, (character) => (isLayout(character) ? character : " "));
}

/** Whether a text is the same printed, and in UTF-8: it has nothing that a terminal would obey, and no half of a character. */
export function isPrintable(text: string): boolean {
	return toPrintable(text) === text && !/\p{Surrogate}/u.test(text);
}

/**
 * The value as JSON in which no text has what a terminal would obey, or an editor would not show: it stands there as an
 * escape, so that whoever reads the JSON gets the value as it is.
 *
 * @param indent what a level is indented by; default none, on one line
 */
export function toPrintableJson(value: unknown, indent?: string | number): string {
	return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE_CHARACTERS, (character) =>
		isLayout(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

function isLayout(character: string): boolean {
	return character === "\n" || character === "\t";
}
