import { formatAsJson } from "./format.json.ts";
import { formatAsMarkdown } from "./format.markdown.ts";
import { formatAsSarif } from "./format.sarif.ts";
import { formatAsTable } from "./format.table.ts";
import type { ReportFormatter } from "./format.ts";

/** The formats of a drift report by name. */
export const REPORT_FORMATTERS = {
	table: formatAsTable,
	json: formatAsJson,
	sarif: formatAsSarif,
	markdown: formatAsMarkdown,
} as const satisfies Record<string, ReportFormatter>;

/** The name of a format. */
export type ReportFormatName = keyof typeof REPORT_FORMATTERS;
