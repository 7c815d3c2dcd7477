import { toPrintableJson } from "../text/sanitize.ts";
import { formatAsMarkdown } from "./drift.markdown.ts";
import type { DriftReport, ReportedResource, ReportFormatter } from "./drift.report.ts";
import { formatAsSarif } from "./drift.sarif.ts";
import {
	formatCounts,
	formatDriftSummary,
	formatMemberMessage,
	formatResourceMessage,
	formatResourceTitle,
	getNoun,
} from "./drift.summary.ts";

/** Functions that format a drift report, by the name of the format. */
export const REPORT_FORMATTERS = {
	table: formatAsTable,
	json: formatAsJson,
	sarif: formatAsSarif,
	markdown: formatAsMarkdown,
} as const satisfies Record<string, ReportFormatter>;

/** The name of a format, as `--format` has it. */
export type ReportFormatName = keyof typeof REPORT_FORMATTERS;

/** Formats the report as JSON, for programs. */
export function formatAsJson(report: DriftReport): string {
	return `${toPrintableJson(report, "\t")}\n`;
}

/**
 * Formats the report for a terminal: each object with its severity and the message that Pulumi's diagnostics would have, then
 * the counts.
 */
export function formatAsTable(report: DriftReport): string {
	const summary = formatDriftSummary(report);
	const lastLine = `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`;
	return [...report.resources.map(formatResourceBlock), lastLine].map((text) => `${text}\n`).join("\n");
}

function formatResourceBlock(resource: ReportedResource): string {
	const { severity, hubHostName, counts, members } = resource;
	if (counts === undefined || members === undefined) return `${severity}: ${formatResourceMessage(resource)}`;
	const hub = hubHostName === undefined ? "" : ` on ${hubHostName}`;
	const heading = `${formatResourceTitle(resource)}${hub}: ${formatCounts(getNoun(resource), counts)}`;
	const lines = members.map((member) => indent(`${member.severity}: ${formatMemberMessage(member)}`));
	return [heading, ...lines].join("\n");
}

function indent(text: string): string {
	return text.replaceAll(/^/gm, "    ");
}
