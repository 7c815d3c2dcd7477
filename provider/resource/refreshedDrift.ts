import type { Values } from "../values.ts";
import { type FieldDifference, hasEqualValue, needsReconcile } from "./drift.ts";
import { getLastApplied } from "./managedFields.ts";
import type { ObservedObject } from "./planCache.ts";
import type { LiveObject, ResourceType } from "./resourceType.ts";
import { type FieldValue, toFieldValues } from "./schema.ts";

/**
 * The output in which a refresh keeps what it found changed, with the values of the last deployment. A refresh takes live
 * values into state, so nothing else would tell the plans after it that somebody else put them there.
 */
export const DRIFT_OUTPUT = "__drift";

/** A path with the value that it had at the last deployment. */
type DriftEntry = FieldValue;

/**
 * What a refresh writes down: what it found changed, and what an earlier refresh found and is still so; undefined where
 * there is nothing.
 */
export function recordRefreshedDrift<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	live: LiveObject<Inputs>,
	{ olds, differences }: { olds: Values; differences: readonly FieldDifference[] },
): string | undefined {
	const liveValues = toFieldValues(resourceType.schema, live.values as Values);
	const found = differences.map(({ path, last }) => last ?? { path, value: "" });
	const earlierEntries = readRefreshedDrift(olds);
	const entries = [
		...earlierEntries,
		...found.filter(({ path }) => !earlierEntries.some((earlierEntry) => earlierEntry.path === path)),
	];
	const openEntries = entries.filter((entry) => !hasEqualValue(entry, liveValues.get(entry.path)));
	return openEntries.length === 0 ? undefined : JSON.stringify(openEntries);
}

/**
 * Differences from what state has, as differences from what was deployed: what an earlier refresh noted is told with the
 * value of the last deployment, and what somebody put back since is none.
 */
export function restoreDeployedValues(
	differences: readonly FieldDifference[],
	outputs: Values,
): readonly FieldDifference[] {
	const entries = new Map(readRefreshedDrift(outputs).map((entry) => [entry.path, entry]));
	return differences
		.map((difference) => ({ ...difference, last: entries.get(difference.path) ?? difference.last }))
		.map(({ last, ...difference }) => ({ ...difference, ...(last && { last }) }))
		.filter(({ last, live }) => !hasEqualValue(last, live));
}

/** What earlier refreshes noted, as the object and the program have it now. */
export interface RefreshedDrift {
	/** Of another value than at the last deployment, and not declared so. */
	readonly open: readonly FieldDifference[];
	/** Of another value than at the last deployment, which the program declares by now. */
	readonly accepted: readonly FieldDifference[];
}

/**
 * What became of what earlier refreshes found changed. What somebody put back since, or nobody declares, is left out.
 *
 * @param observed the object, or that it is as state has it
 */
export function compareRefreshedDrift<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	observed: ObservedObject<Inputs>,
	{ olds, news }: { olds: Values; news: Values },
): RefreshedDrift {
	const liveValues =
		observed === "unchanged"
			? getLastApplied(resourceType.schema, olds)
			: toFieldValues(resourceType.schema, observed.values as Values);
	const declaredValues = toFieldValues(resourceType.schema, news);
	const differences = readRefreshedDrift(olds).flatMap((last): FieldDifference[] => {
		const [live, declared] = [liveValues.get(last.path), declaredValues.get(last.path)];
		if (declared === undefined || hasEqualValue(last, live)) return [];
		return [{ path: last.path, last, declared, ...(live && { live }) }];
	});
	return {
		open: differences.filter(needsReconcile),
		accepted: differences.filter((difference) => !needsReconcile(difference)),
	};
}

/** What earlier refreshes wrote down, with the values of the last deployment. */
export function readRefreshedDrift(outputs: Values): readonly DriftEntry[] {
	const text = outputs[DRIFT_OUTPUT];
	if (typeof text !== "string") return [];
	const entries: unknown = JSON.parse(text);
	return Array.isArray(entries) ? entries.filter(isDriftEntry) : [];
}

function isDriftEntry(value: unknown): value is DriftEntry {
	return (
		typeof value === "object" &&
		value !== null &&
		"path" in value &&
		"value" in value &&
		typeof value.path === "string" &&
		typeof value.value === "string"
	);
}
