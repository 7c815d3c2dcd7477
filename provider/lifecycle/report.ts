import type { FieldValue } from "./facets.ts";
import type { FieldDifference } from "./drift.ts";
import { isUnknown } from "./unknown.ts";

/** The lines that tell a change field by field: what it was, what it is, what it should be. */
export function formatThreeWayDiff(differences: readonly FieldDifference[]): string {
	return differences.map(formatDifference).join("\n");
}

function formatDifference({ path, last, live, declared }: FieldDifference): string {
	return `    ${path}: ${formatFieldValue(last)} at the last deployment, ${formatFieldValue(live)} now, ${formatFieldValue(declared)} declared`;
}

/** A value as reports show it: secrets by fingerprint only. */
function formatFieldValue(fieldValue: FieldValue | undefined): string {
	if (fieldValue === undefined || fieldValue.value === "") return "none";
	if (isUnknown(fieldValue.value)) return "not yet known";
	return fieldValue.secret ? `key ${fieldValue.value}` : JSON.stringify(fieldValue.value);
}
