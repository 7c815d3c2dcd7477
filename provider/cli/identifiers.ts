import { computeFingerprint } from "../auth/fingerprint.ts";

/** Words that can't name a constant of a module. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
	(
		"arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
		"finally for function if implements import in instanceof interface let new null package private protected public return " +
		"static super switch this throw true try typeof undefined var void while with yield"
	).split(" "),
);

/**
 * A name for a constant from an id, which may have characters that no such name has: `gw-1` becomes `gw1`. Where two ids
 * would get the same name, or a name is taken, each of them has a mark of its id behind it, so names do not depend on what
 * else there is beyond that.
 *
 * @param usedNames names that are in use already
 */
export function createIdentifiers(ids: readonly string[], usedNames: readonly string[]): ReadonlyMap<string, string> {
	const counts = new Map<string, number>([...RESERVED_WORDS, ...usedNames].map((name) => [name, 1]));
	for (const id of ids) counts.set(toIdentifier(id), (counts.get(toIdentifier(id)) ?? 0) + 1);
	return new Map(
		ids.map((id) => [id, counts.get(toIdentifier(id)) === 1 ? toIdentifier(id) : `${toIdentifier(id)}_${computeFingerprint(id)}`]),
	);
}

function toIdentifier(id: string): string {
	const camel = id.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = "") => next.toUpperCase());
	if (camel === "") return "device";
	return /^\d/.test(camel) ? `device${camel}` : camel.charAt(0).toLowerCase() + camel.slice(1);
}
