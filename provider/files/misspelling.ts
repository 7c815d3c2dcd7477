/** How many letters a name may be off. */
const TYPING_ERRORS = 2;

/** The candidate that is meant by a name that is none, where one is near. Case counts: compare like with like. */
export function meantBy<Candidate>(
	name: string,
	candidates: Iterable<Candidate>,
	distance: (name: string, candidate: Candidate) => number,
): Candidate | undefined {
	if (name.length < 3) return undefined;
	for (const candidate of candidates) if (distance(name, candidate) <= TYPING_ERRORS) return candidate;
	return undefined;
}

/** The letters to add, drop or change until one text is the other (Levenshtein); infinity where they are too many. */
export function edits(from: string, to: string): number {
	if (Math.abs(from.length - to.length) > TYPING_ERRORS) return Number.POSITIVE_INFINITY;
	let above = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (const [row, letter] of [...from].entries()) {
		const line = [row + 1];
		for (const [column, other] of [...to].entries()) {
			const changed = (above[column] ?? 0) + (letter === other ? 0 : 1);
			line.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
		}
		above = line;
	}
	return above.at(-1) ?? 0;
}
