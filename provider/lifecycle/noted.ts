import { type Difference, isOpen, same } from "./drift.ts";
import { facetsOf } from "./facets.ts";
import type { Facet, Kind, Live, Values } from "./kind.ts";
import { lastDeclared } from "./record.ts";

/**
 * The output in which a refresh keeps what it found changed, with the values of the last deployment. A refresh takes live
 * values into state, so nothing else would tell the plans after it that somebody else put them there.
 */
export const NOTED = "__drift";

/** A path with the value that it had at the last deployment. */
type Note = Facet;

/**
 * What a refresh writes down: what it found changed, and what an earlier refresh found and is still so; undefined where
 * there is nothing.
 */
export function noteDrift<Inputs extends object>(
	kind: Kind<Inputs>,
	live: Live<Inputs>,
	{ olds, differences }: { olds: Values; differences: readonly Difference[] },
): string | undefined {
	const now = facetsOf(kind.fields, live.values as Values);
	const found = differences.map(({ path, last }) => last ?? { path, value: "" });
	const earlier = notesIn(olds);
	const notes = [...earlier, ...found.filter(({ path }) => !earlier.some((note) => note.path === path))];
	const open = notes.filter((note) => !same(note, now.get(note.path)));
	return open.length === 0 ? undefined : JSON.stringify(open);
}

/** What earlier refreshes found changed and the program does not declare so. */
export function notedDrift<Inputs extends object>(
	kind: Kind<Inputs>,
	olds: Values,
	news: Values,
): readonly Difference[] {
	const now = lastDeclared(kind.fields, olds);
	const declared = facetsOf(kind.fields, news);
	return notesIn(olds)
		.map((last) => {
			const [live, wanted] = [now.get(last.path), declared.get(last.path)];
			return { path: last.path, last, ...(live && { live }), ...(wanted && { declared: wanted }) };
		})
		.filter((difference) => difference.declared !== undefined && isOpen(difference));
}

/** What earlier refreshes wrote down, with the values of the last deployment. */
export function notesIn(outputs: Values): readonly Note[] {
	const text = outputs[NOTED];
	if (typeof text !== "string") return [];
	const notes: unknown = JSON.parse(text);
	return Array.isArray(notes) ? notes.filter(isNote) : [];
}

function isNote(value: unknown): value is Note {
	return (
		typeof value === "object" &&
		value !== null &&
		"path" in value &&
		"value" in value &&
		typeof value.path === "string" &&
		typeof value.value === "string"
	);
}
