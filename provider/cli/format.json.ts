import { printableJson } from "../http/printable.ts";
import type { DriftReport } from "./driftReport.ts";

/** The report itself as JSON, for programs. */
export function jsonOf(report: DriftReport): string {
	return `${printableJson(report, "\t")}\n`;
}
