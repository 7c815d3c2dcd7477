import type { Suite } from "./suites.ts";

/** How a suite went. */
export interface Outcome {
	readonly suite: Suite;
	/** What it counted; undefined for one that failed. */
	readonly figures: string | undefined;
	readonly seconds: number;
	/** `2026-11-22`. */
	readonly date: string;
}

/** How to write the page anew. */
export const COMMAND = "npm run reliability";

/**
 * The page with what the latest run of each suite counted: suites that were not run keep their rows.
 *
 * @param before the page as it was; empty at first
 * @param machine processors, memory, versions
 */
export function formatReliabilityPage(
	suites: readonly Suite[],
	outcomes: readonly Outcome[],
	{ before, machine }: { before: string; machine: string },
): string {
	const rows = suites.flatMap(({ title }) => {
		const outcome = outcomes.find(({ suite }) => suite.title === title);
		return outcome === undefined ? listRows(before, title) : [formatRow(outcome)];
	});
	return [
		"# Reliability",
		"",
		`<!-- Written by \`${COMMAND}\`; changes belong into test/resilience/reliability. -->`,
		"",
		`What the suites counted when they were last run, by \`${COMMAND}\`, which writes this page. The latest run was on ${machine}.`,
		"",
		"| suite | shows | counted | takes | run on |",
		"|---|---|---|---|---|",
		...rows,
		"",
	].join("\n");
}

function formatRow({ suite, figures = "**failed**", seconds, date }: Outcome): string {
	const cells = [
		`${suite.title} (\`npm run ${suite.script.join(" -- ")}\`)`,
		suite.shows,
		figures,
		formatDuration(seconds),
		date,
	];
	return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function formatDuration(seconds: number): string {
	return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function listRows(page: string, title: string): string[] {
	return page.split("\n").filter((line) => line.startsWith(`| ${title} (`));
}
