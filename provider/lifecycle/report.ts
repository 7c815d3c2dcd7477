import type { Difference } from "./drift.ts";
import type { Facet } from "./kind.ts";
import { isUnknown } from "./unknown.ts";

/** The lines that tell a change field by field: what it was, what it is, what it should be. */
export function threeWay(differences: readonly Difference[]): string {
	return differences.map(line).join("\n");
}

function line({ path, last, live, declared }: Difference): string {
	return `    ${path}: ${shown(last)} at the last deployment, ${shown(live)} now, ${shown(declared)} declared`;
}

/** A value as reports show it: secrets by fingerprint only. */
function shown(facet: Facet | undefined): string {
	if (facet === undefined || facet.value === "") return "none";
	if (isUnknown(facet.value)) return "not yet known";
	return facet.secret ? `key ${facet.value}` : JSON.stringify(facet.value);
}
