import type { DriftReport } from "./driftReport.ts";
import { formatDriftSummary, formatResourceMessage } from "./words.ts";

/** The report for people at a terminal: of each object what Pulumi's diagnostics would say, and the counts at the end. */
export function formatAsTable(report: DriftReport): string {
	const summary = formatDriftSummary(report);
	const lastLine = `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`;
	return [...report.resources.map(formatResourceMessage), lastLine].map((text) => `${text}\n`).join("\n");
}
