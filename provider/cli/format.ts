import type { DriftReport } from "./driftReport.ts";

/** Writes a report as text, with a line break at its end. */
export type Format = (report: DriftReport, options: FormatOptions) => string;

/** What a format must be told besides the report. */
export interface FormatOptions {
	/** The file to which findings are pinned. */
	readonly source: string;
}
