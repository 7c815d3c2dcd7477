import { formatCount, formatQuantity } from "../text/quantities.ts";
import type {
	DriftCounts,
	DriftReport,
	DriftSeverity,
	DriftStatus,
	ReportedObject,
	ReportedResource,
} from "./drift.report.ts";
import { isAutopilotType } from "./stackState.ts";

/** The text of each status, as the end of a sentence. */
export const STATUS_LABELS: Readonly<Record<DriftStatus, string>> = {
	changed: "changed",
	deleted: "deleted",
	recreated: "deleted and created again",
	unreadable: "could not be read",
};

/** The severity of each status: of an error, `pulumi up` cannot restore everything. */
export const SEVERITIES: Readonly<Record<DriftStatus, DriftSeverity>> = {
	changed: "warning",
	deleted: "error",
	recreated: "error",
	unreadable: "warning",
};

const DRIFT_STATUSES = ["changed", "deleted", "recreated"] as const;

/** The counts of no object. */
export const NO_OBJECTS: DriftCounts = { checked: 0, changed: 0, deleted: 0, recreated: 0, unreadable: 0 };

/** Counts the objects with each status among all that were checked. */
export function countObjects(
	checked: number,
	objects: readonly Pick<ReportedObject, "status">[],
): DriftCounts {
	const counts = { ...NO_OBJECTS, checked };
	for (const { status } of objects) counts[status]++;
	return counts;
}

/** Returns the counts of a fleet that could not be read as a whole. */
export function countUnreadableFleet(memberCount: number): DriftCounts {
	return { ...NO_OBJECTS, checked: memberCount, unreadable: memberCount };
}

/** Adds counts up. */
export function sumCounts(counts: readonly DriftCounts[]): DriftCounts {
	return counts.reduce(
		(sum, { checked, changed, deleted, recreated, unreadable }) => ({
			checked: sum.checked + checked,
			changed: sum.changed + changed,
			deleted: sum.deleted + deleted,
			recreated: sum.recreated + recreated,
			unreadable: sum.unreadable + unreadable,
		}),
		NO_OBJECTS,
	);
}

/**
 * Summarizes a report: `2 of 40 devices drifted: 1 changed, 1 deleted; none of 3 machines drifted; 3 encrypted fields could not
 * be compared`.
 */
export function formatDriftSummary({ devices, machines, withheld }: DriftReport): string {
	const counted = [
		{ noun: "device", counts: devices },
		{ noun: "machine", counts: machines },
	].filter(({ counts }) => counts.checked > 0);
	return [
		...(counted.length === 0 ? ["the stack has no devices and no machines"] : []),
		...counted.map(({ noun, counts }) => formatCounts(noun, counts)),
		...(withheld === 0 ? [] : [`${formatQuantity(withheld, "encrypted field")} could not be compared`]),
	].join("; ");
}

/** Formats counts: `2 of 40 devices drifted: 1 changed, 1 deleted; 3 could not be read`. */
export function formatCounts(noun: string, counts: DriftCounts): string {
	const parts = DRIFT_STATUSES.filter((status) => counts[status] > 0).map(
		(status) => `${formatCount(counts[status])} ${STATUS_LABELS[status]}`,
	);
	const drifted = counts.changed + counts.deleted + counts.recreated;
	const total = formatQuantity(counts.checked, noun);
	return [
		drifted === 0
			? `none of ${total} drifted`
			: `${formatCount(drifted)} of ${total} drifted: ${parts.join(", ")}`,
		...(counts.unreadable === 0 ? [] : [`${formatCount(counts.unreadable)} could not be read`]),
	].join("; ");
}

/** Formats `2 of 40 devices could not be read`. */
export function formatUnreadableCount(
	resource: Pick<ReportedResource, "type">,
	{ checked, unreadable }: DriftCounts,
): string {
	return `${formatCount(unreadable)} of ${formatQuantity(checked, getNoun(resource))} could not be read`;
}

/** Returns the noun for one object of a resource: `device` or `machine`. */
export function getNoun({ type }: Pick<ReportedResource, "type">): string {
	return isAutopilotType(type) ? "machine" : "device";
}

/** Formats the title of a resource: `DeviceIdentity gw-1`. A fleet has its name in the program: `DeviceFleet plant`. */
export function formatResourceTitle({
	type,
	label,
	name,
	counts,
}: Pick<ReportedResource, "type" | "label" | "name" | "counts">): string {
	return `${type.split(":").at(-1)} ${counts === undefined ? label : name}`;
}

/** Formats the message about a resource, including its title; it may have several lines. */
export function formatResourceMessage(resource: ReportedResource): string {
	const { status, message = "" } = resource;
	return status === "unreadable" ? `${formatResourceTitle(resource)} could not be read: ${message}` : message;
}

/** Formats the message about a member of a fleet; it may have several lines. */
export function formatMemberMessage({ status, label, message = "" }: ReportedObject): string {
	return status === "unreadable" ? `${label} could not be read: ${message}` : message;
}
