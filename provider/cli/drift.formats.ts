import { toPrintableJson } from "../text/sanitize.ts";
import { formatAsMarkdown } from "./drift.markdown.ts";
import type { DriftReport, ReportFormatter } from "./drift.report.ts";
import { formatAsSarif } from "./drift.sarif.ts";
import { formatDriftSummary, formatResourceMessage } from "./drift.summary.ts";

/** The formats of a drift report by name. */
export const REPORT_FORMATTERS = {
	table: formatAsTable,
	json: formatAsJson,
	sarif: formatAsSarif,
	markdown: formatAsMarkdown,
} as const satisfies Record<string, ReportFormatter>;

/** The name of a format. */
export type ReportFormatName = keyof typeof REPORT_FORMATTERS;

/** The report itself as JSON, for programs. */
export function formatAsJson(report: DriftReport): string {
	return `${toPrintableJson(report, "\t")}\n`;
}

/** The report for people at a terminal: of each object what Pulumi's diagnostics would say, and the counts at the end. */
export function formatAsTable(report: DriftReport): string {
	const summary = formatDriftSummary(report);
	const lastLine = `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`;
	return [...report.resources.map(formatResourceMessage), lastLine].map((text) => `${text}\n`).join("\n");
}
