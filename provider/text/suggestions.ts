/** How many letters a name may be off. */
const MAX_TYPOS = 2;

/** The candidate that is meant by a name that is none, where one is near. Case counts: compare like with like. */
export function findSuggestion<Candidate>(
	name: string,
	candidates: Iterable<Candidate>,
	distance: (name: string, candidate: Candidate) => number,
): Candidate | undefined {
	if (name.length < 3) return undefined;
	for (const candidate of candidates) if (distance(name, candidate) <= MAX_TYPOS) return candidate;
	return undefined;
}

/** The letters to add, drop or change until one text is the other (Levenshtein); infinity where they are too many. */
export function countEdits(from: string, to: string): number {
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
