import type { DriftReport } from "./driftReport.ts";

/** Writes a report as text, with a line break at its end. */
export type ReportFormatter = (report: DriftReport, options: ReportFormatOptions) => string;

/** What a format must be told besides the report. */
export interface ReportFormatOptions {
	/** The file to which findings are pinned. */
	readonly sourceFile: string;
}
