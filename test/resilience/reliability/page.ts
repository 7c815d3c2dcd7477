import type { Suite } from "./suites.ts";

/** The result of a suite. */
export interface Outcome {
	readonly suite: Suite;
	/** What it counted; undefined if it failed. */
	readonly figures: string | undefined;
	readonly seconds: number;
	/** `2026-11-22`. */
	readonly date: string;
}

/** The command that writes the page. */
export const COMMAND = "npm run reliability";

/**
 * Returns the page with the results of the latest run of each suite. Suites that were not run keep their rows.
 *
 * @param before the page before this run; empty at first
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
		"After reading this page, you know how the package is tested, and can repeat each suite and compare its result.",
		"",
		`<!-- Written by \`${COMMAND}\`; to change it, edit test/resilience/reliability. -->`,
		"",
		`\`${COMMAND}\` runs the suites and writes this page. Each row has the result of the latest run of its suite.`,
		"",
		`Machine of the latest run: ${machine}.`,
		"",
		"| suite | covers | result | duration | date |",
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
