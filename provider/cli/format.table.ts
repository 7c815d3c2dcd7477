import type { DriftReport } from "./driftReport.ts";
import { countsTold, told } from "./words.ts";

/** The report for people at a terminal: of each object what Pulumi's diagnostics would say, and the counts at the end. */
export function tableOf(report: DriftReport): string {
	const counts = countsTold(report);
	const last = `${counts.slice(0, 1).toUpperCase()}${counts.slice(1)}.`;
	return [...report.resources.map(told), last].map((text) => `${text}\n`).join("\n");
}
