import type { DriftReport } from "./driftReport.ts";

/** The report itself as JSON, for programs. */
export function jsonOf(report: DriftReport): string {
	return `${JSON.stringify(report, undefined, "\t")}\n`;
}
