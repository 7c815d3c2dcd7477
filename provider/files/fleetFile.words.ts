import { toPrintableJson } from "../text/sanitize.ts";
import { findSuggestion } from "../text/suggestions.ts";

/** The problem of a number in the place of a word: PowerShell writes enumerations so. */
export const ENUM_NUMBER_PROBLEM =
	"must be a word, got a number; if PowerShell wrote it, use ConvertTo-Json -EnumsAsStrings, or Export-Csv";

/** The booleans as English spreadsheets, data frames and people write them, in lower case. */
const BOOLEAN_WORDS: ReadonlyMap<string, boolean> = new Map([
	...["true", "yes", "y", "1"].map((word) => [word, true] as const),
	...["false", "no", "n", "0"].map((word) => [word, false] as const),
]);

/** Returns the boolean that an English word stands for, in any case; undefined for any other text. */
export function parseBooleanWord(text: string): boolean | undefined {
	return BOOLEAN_WORDS.get(text.trim().toLowerCase());
}

/**
 * Returns the known word that a text is, without regard to case, hyphens and underscores: the hub accepts any case, and the Java
 * SDK writes `SELF_SIGNED`.
 */
export function findWord<Word extends string>(text: string, words: readonly Word[]): Word | undefined {
	return words.find((known) => toComparableWord(known) === toComparableWord(text));
}

function toComparableWord(word: string): string {
	return word.replace(/[_-]/g, "").toLowerCase();
}

/** Returns a word as a message may repeat it. */
export function quoteWord(text: string): string {
	return text.length > MAX_WORD_LENGTH ? `a string of ${text.length} characters` : toPrintableJson(text);
}

/** Returns the message for a text that is none of the known words. */
export function describeUnknownWord(name: string, text: string, words: readonly string[]): string {
	const suggestion = findSuggestion(text, words);
	const knownWords = words.map((word) => `"${word}"`).join(" or ");
	const question = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
	return `${name} must be ${knownWords}, got ${quoteWord(text)}${question}`;
}

/** Length of the longest known word. A longer value is not repeated, since it may be a key. */
const MAX_WORD_LENGTH = "certificateAuthority".length;
