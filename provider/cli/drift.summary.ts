import type { DriftReport, DriftStatus, ReportedResource } from "./drift.report.ts";

/** What became of an object, as the end of a sentence. */
export const STATUS_LABELS: Readonly<Record<DriftStatus, string>> = {
	changed: "changed",
	deleted: "deleted",
	recreated: "deleted and created again",
	unreadable: "could not be read",
};

/** `2 of 40 objects drifted: 1 changed, 1 deleted; 3 encrypted fields could not be compared`. */
export function formatDriftSummary(report: DriftReport): string {
	const { checked, drifted, failed, withheld } = report;
	const parts = (["changed", "deleted", "recreated"] as const)
		.map((status) => ({ status, count: report.resources.filter((found) => found.status === status).length }))
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

/** `DeviceIdentity gw-1`. */
export function formatResourceTitle({ type, label }: Pick<ReportedResource, "type" | "label">): string {
	return `${type.split(":").at(-1)} ${label}`;
}

/** What there is to say of an object, in lines, its name among them. */
export function formatResourceMessage(resource: ReportedResource): string {
	const { status, message = "" } = resource;
	return status === "unreadable" ? `${formatResourceTitle(resource)} could not be read: ${message}` : message;
}

/** `1 object`, `2 objects`, `10,000 objects`. */
export function formatQuantity(count: number, noun: string): string {
	return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
