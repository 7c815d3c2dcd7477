/** Maximum number of letters in which a misspelt name differs from the right one. */
const MAX_TYPOS = 2;

/** Minimum length of a name to compare: a shorter one is within two letters of too many others. */
const MIN_NAME_LENGTH = 3;

/** Returns the known name that an unknown one most resembles, ignoring case; undefined if none is within two letters. */
export function findSuggestion<Name extends string>(
	unknownName: string,
	knownNames: Iterable<Name>,
): Name | undefined {
	let suggestion: Name | undefined;
	let fewestTypos = MAX_TYPOS + 1;
	for (const knownName of knownNames) {
		const typos = countTypos(unknownName, knownName);
		if (typos < fewestTypos) [suggestion, fewestTypos] = [knownName, typos];
	}
	return suggestion;
}

/** Whether an unknown name is a known one with at most two letters added, dropped or changed, ignoring case. */
export function isMisspelling(unknownName: string, knownName: string): boolean {
	return countTypos(unknownName, knownName) <= MAX_TYPOS;
}

function countTypos(unknownName: string, knownName: string): number {
	if (unknownName.length < MIN_NAME_LENGTH) return Number.POSITIVE_INFINITY;
	return countEdits(unknownName.toLowerCase(), knownName.toLowerCase());
}

/**
 * Returns the number of letters to add, drop or change to turn one string into the other (Levenshtein); infinity if their lengths
 * differ by more than {@link MAX_TYPOS}.
 */
function countEdits(from: string, to: string): number {
	if (Math.abs(from.length - to.length) > MAX_TYPOS) return Number.POSITIVE_INFINITY;
	let previousRow = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (const [row, letter] of [...from].entries()) {
		const currentRow = [row + 1];
		for (const [column, other] of [...to].entries()) {
			const substituted = (previousRow[column] ?? 0) + (letter === other ? 0 : 1);
			currentRow.push(
				Math.min(substituted, (previousRow[column + 1] ?? 0) + 1, (currentRow[column] ?? 0) + 1),
			);
		}
		previousRow = currentRow;
	}
	return previousRow.at(-1) ?? 0;
}
