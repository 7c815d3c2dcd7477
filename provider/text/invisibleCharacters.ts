/**
 * Matches a character that a reader of the text cannot see: control and format characters (Unicode categories Cc and Cf, such as
 * U+200E, U+200B and the byte order mark), all separators (Z) except the space, and fillers.
 */
const INVISIBLE_CHARACTER = /(?! )(?:[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F)/u;

/** The characters of text that join others: an emoji of several parts, and the scripts that need a joiner. */
const JOINERS = /(?<=\P{ASCII})[\u200C\u200D](?=\P{ASCII})/gu;

/** Returns the code point of a character in the notation of Unicode, for example `U+200E`. */
export function formatCodePoint(character: string): string {
	return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * Returns the first character of a text that cannot be seen, as a message names it: `the invisible character U+200E`; undefined if
 * all can be seen.
 */
export function describeInvisibleCharacter(text: string): string | undefined {
	const [character] = INVISIBLE_CHARACTER.exec(text.replace(JOINERS, "")) ?? [];
	return character === undefined ? undefined : `the invisible character ${formatCodePoint(character)}`;
}
