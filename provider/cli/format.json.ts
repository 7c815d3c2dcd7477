import { toPrintableJson } from "../http/printable.ts";
import type { DriftReport } from "./driftReport.ts";

/** The report itself as JSON, for programs. */
export function formatAsJson(report: DriftReport): string {
	return `${toPrintableJson(report, "\t")}\n`;
}
