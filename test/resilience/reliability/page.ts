import type { Suite } from "./suites.ts";

/** The result of a suite. */
export interface Outcome {
	readonly suite: Suite;
	/** What it counted, or undefined if it failed. */
	readonly figures: string | undefined;
	readonly seconds: number;
	/** `2026-11-22`. */
	readonly date: string;
}

/** The command that writes the page. */
export const COMMAND = "npm run reliability";

/**
 * Formats the page with the figures of each suite's last run. Suites that did not run keep their rows.
 *
 * @param before the previous page; empty at first
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
		`<!-- Written by \`${COMMAND}\`; edit test/resilience/reliability instead. -->`,
		"",
		`The figures of each suite's last run. \`${COMMAND}\` writes this page. The latest run was on ${machine}.`,
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
