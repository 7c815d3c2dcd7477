import { type Difference, isOpen, same } from "./drift.ts";
import { facetsOf } from "./facets.ts";
import type { Facet, Kind, Live, Values } from "./kind.ts";
import type { Seen } from "./plans.ts";
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

/**
 * Differences from what state has, as differences from what was deployed: what an earlier refresh noted is told with the
 * value of the last deployment, and what somebody put back since is none.
 */
export function sinceDeployment(differences: readonly Difference[], outputs: Values): readonly Difference[] {
	const notes = new Map(notesIn(outputs).map((note) => [note.path, note]));
	return differences
		.map((difference) => ({ ...difference, last: notes.get(difference.path) ?? difference.last }))
		.map(({ last, ...difference }) => ({ ...difference, ...(last && { last }) }))
		.filter(({ last, live }) => !same(last, live));
}

/** What earlier refreshes noted, as the object and the program have it now. */
export interface Noted {
	/** Of another value than at the last deployment, and not declared so. */
	readonly open: readonly Difference[];
	/** Of another value than at the last deployment, which the program declares by now. */
	readonly taken: readonly Difference[];
}

/**
 * What became of what earlier refreshes found changed. What somebody put back since, or nobody declares, is left out.
 *
 * @param seen the object, or that it is as state has it
 */
export function notedDrift<Inputs extends object>(
	kind: Kind<Inputs>,
	seen: Seen<Inputs>,
	{ olds, news }: { olds: Values; news: Values },
): Noted {
	const now =
		seen === "untouched" ? lastDeclared(kind.fields, olds) : facetsOf(kind.fields, seen.values as Values);
	const wanted = facetsOf(kind.fields, news);
	const noted = notesIn(olds).flatMap((last): Difference[] => {
		const [live, declared] = [now.get(last.path), wanted.get(last.path)];
		if (declared === undefined || same(last, live)) return [];
		return [{ path: last.path, last, declared, ...(live && { live }) }];
	});
	return { open: noted.filter(isOpen), taken: noted.filter((difference) => !isOpen(difference)) };
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
