import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";
import { quoteName } from "../text/quotedNames.ts";
import { toPrintableJson } from "../text/sanitize.ts";

/** Returns a message for a number that Excel shortened, for example an id of digits as `1.23457E+11`; otherwise undefined. */
export function describeLostDigits(cell: string): string | undefined {
	if (!/^\d([.,]\d+)?E\+\d+$/i.test(cell.trim())) return undefined;
	return `is "${cell.trim()}", a number that Excel shortened, so digits are lost; take it from the export again, or type it in a column that is formatted as text`;
}

/** What scripts, data frames and exports of databases write for a value that is missing. */
const MISSING_VALUE = /^(?:nan|<na>|null|undefined)$/i;
const MISSING_VALUE_EXPLANATION = "by which a script marks a missing value";

/** Returns a message for a text that stands for a missing value, which a blank cell expresses; otherwise undefined. */
export function describeMissingValue(text: string): string | undefined {
	if (!MISSING_VALUE.test(text.trim())) return undefined;
	return `is ${quoteName(text)}, ${MISSING_VALUE_EXPLANATION}; leave it blank`;
}

/** What spreadsheets and data frames write in the place of a text, and how a message explains it. */
const TRACES: readonly (readonly [pattern: RegExp, explanation: string])[] = [
	[/^=/, "a formula of a spreadsheet"],
	[/^['\u2018\u2019]/, "which begins with the apostrophe by which a spreadsheet marks a text"],
	[/^\d+[.,]0+$/, "a number to which a spreadsheet or a script added decimals"],
	[/^#(?:N\/A|REF!|NAME\?|VALUE!|NULL!|NUM!|DIV\/0!|SPILL!|CALC!)$/i, "an error of a spreadsheet"],
	[MISSING_VALUE, MISSING_VALUE_EXPLANATION],
];

const REMEDY = "take it from the export again and do not save the file in a spreadsheet";

/**
 * Returns a message for a cell that a spreadsheet or a script changed, or that contains a character that cannot be seen; otherwise
 * undefined.
 */
export function describeTrace(cell: string): string | undefined {
	const invisible = describeInvisibleCharacter(cell);
	if (invisible !== undefined) return `is ${quoteCell(cell)}, which contains ${invisible}; ${REMEDY}`;
	const [, explanation] = TRACES.find(([pattern]) => pattern.test(cell.trim())) ?? [];
	return explanation === undefined
		? describeLostDigits(cell)
		: `is ${quoteCell(cell)}, ${explanation}; ${REMEDY}`;
}

/** Returns a cell with the blanks and the characters at its ends, unless a message must not repeat it. */
export function quoteCell(cell: string): string {
	return quoteName(cell).startsWith('"') ? toPrintableJson(cell) : quoteName(cell);
}
