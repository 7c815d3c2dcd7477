/** The versions of the API. */
export type Version = "v1.0" | "beta";

/** Both versions. */
export const VERSIONS: readonly Version[] = ["v1.0", "beta"];

/** A request's path taken apart by OData's rules. */
export interface GraphPath {
	/** undefined for one that there is not. */
	readonly version: Version | undefined;
	/** What follows the version, decoded; a key such as `devices('a')` is a segment of its own, as in `devices/a`. */
	readonly segments: readonly string[];
}

/** Reads a path; undefined where its percent-encoding is broken. */
export function readGraphPath(segments: readonly string[]): GraphPath | undefined {
	try {
		const [first = "", ...rest] = segments.map((segment) => decodeURIComponent(segment));
		const version = VERSIONS.find((candidate) => candidate === first.toLowerCase());
		return { version, segments: rest.flatMap(withKeyApart).map(unqualified) };
	} catch {
		return undefined;
	}
}

function withKeyApart(segment: string): string[] {
	const [, name, quoted, bare] = /^([^()]+)\((?:'(.*)'|([^'()]+))\)$/.exec(segment) ?? [];
	if (name === undefined) return [segment];
	return [name, (quoted ?? bare ?? "").replaceAll("''", "'")];
}

/** An action may be written with its namespace. */
function unqualified(segment: string): string {
	return segment.replace(/^microsoft\.graph\./i, "");
}
