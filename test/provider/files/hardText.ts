import fc from "fast-check";

/** What separates, quotes, ends lines, or begins what a spreadsheet or a terminal takes for a command. */
const SPECIAL = [
	",",
	";",
	"\t",
	'"',
	"'",
	"\n",
	"\r\n",
	" ",
	"-",
	"=",
	"@",
	"\u001b",
	"\u009b",
	"\u202e",
] as const;

/**
 * Whole characters, with those that files are made of among them; none that stands for a lost letter or for no text.
 *
 * @param own the characters that the form at hand is made of besides
 */
export function generateHardText(own: readonly string[]): fc.Arbitrary<string> {
	const unit = fc.oneof(
		{ weight: 3, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
		fc.constantFrom(...SPECIAL, ...own),
	);
	return fc
		.string({ unit, minLength: 1, maxLength: 12 })
		.filter((value) => value.trim() !== "" && !/[\0\uFFFD]/.test(value));
}
