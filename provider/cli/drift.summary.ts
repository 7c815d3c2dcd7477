import { formatQuantity } from "../text/quantities.ts";
import type { DriftReport, DriftStatus, ReportedResource } from "./drift.report.ts";

/** The text of each status, as the end of a sentence. */
export const STATUS_LABELS: Readonly<Record<DriftStatus, string>> = {
	changed: "changed",
	deleted: "deleted",
	recreated: "deleted and created again",
	unreadable: "could not be read",
};

/** Summarizes a report: `2 of 40 objects drifted: 1 changed, 1 deleted; 3 encrypted fields could not be compared`. */
export function formatDriftSummary(report: DriftReport): string {
	const { checked, drifted, failed, withheld } = report;
	const parts = (["changed", "deleted", "recreated"] as const)
		.map((status) => ({
			status,
			count: report.resources.filter((resource) => resource.status === status).length,
		}))
		.filter(({ count }) => count > 0)
		.map(({ status, count }) => `${count} ${STATUS_LABELS[status]}`);
	return [
		drifted === 0
			? `none of ${formatQuantity(checked, "object")} drifted`
			: `${drifted} of ${formatQuantity(checked, "object")} drifted: ${parts.join(", ")}`,
		...(failed === 0 ? [] : [`${failed} could not be read`]),
		...(withheld === 0 ? [] : [`${formatQuantity(withheld, "encrypted field")} could not be compared`]),
	].join("; ");
}

/** Formats the title of an object: `DeviceIdentity gw-1`. */
export function formatResourceTitle({ type, label }: Pick<ReportedResource, "type" | "label">): string {
	return `${type.split(":").at(-1)} ${label}`;
}

/** Formats the message about an object, including its title; it may have several lines. */
export function formatResourceMessage(resource: ReportedResource): string {
	const { status, message = "" } = resource;
	return status === "unreadable" ? `${formatResourceTitle(resource)} could not be read: ${message}` : message;
}
