import type { DriftReport, ReportedDifference, ReportedResource } from "./driftReport.ts";
import { countsTold, STATUS_WORDS, titleOf } from "./words.ts";

/** A comment on GitHub has room for 65,536 characters. */
const MOST = 60_000;
/** What is longer is cut: a value or a name, and a message. */
const LONGEST = { value: 200, message: 1_000 } as const;

/** The report as a comment on a pull request. Every text from elsewhere is code, so none is taken for markup. */
export function markdownOf(report: DriftReport): string {
	const stack = report.stack === undefined ? "" : ` of ${code(report.stack)}`;
	const heading = `## Drift${stack}: ${countsTold(report)}\n`;
	const blocks = report.resources.map(block);
	const room = MOST - heading.length - more(blocks.length).length;
	const fitting = blocks.slice(0, countFitting(blocks, room));
	return [heading, ...fitting, more(blocks.length - fitting.length)].join("");
}

/** How many blocks fit into so many characters. */
function countFitting(blocks: readonly string[], room: number): number {
	let left = room;
	const tooLong = blocks.findIndex(({ length }) => {
		left -= length;
		return left < 0;
	});
	return tooLong < 0 ? blocks.length : tooLong;
}

function more(count: number): string {
	return count === 0 ? "" : `\n… and ${count} more\n`;
}

function block(resource: ReportedResource): string {
	const { status, differences } = resource;
	const title = `\n### ${code(cut(titleOf(resource), LONGEST.value))} ${status === "unreadable" ? "" : "was "}${STATUS_WORDS[status]}\n`;
	return `${title}\n${differences.length === 0 ? paragraph(resource) : table(differences)}`;
}

function paragraph({ message = "" }: ReportedResource): string {
	return `${code(cut(message.replaceAll(/\s+/g, " "), LONGEST.message))}\n`;
}

function table(differences: readonly ReportedDifference[]): string {
	const rows = differences.map(({ path, last, live, declared, secret }) => {
		const cells = [last, live, declared].map((value) => shown(value, secret));
		return `| ${[code(path), ...cells].join(" | ")} |`;
	});
	return `${["| field | last deployment | now | declared |", "|---|---|---|---|", ...rows].join("\n")}\n`;
}

function shown(value: string | null, secret: true | undefined): string {
	if (value === null) return "none";
	return code(secret ? `key ${value}` : cut(JSON.stringify(value), LONGEST.value));
}

function cut(text: string, most: number): string {
	return text.length > most ? `${text.slice(0, most)}…` : text;
}

/**
 * A text as code whatever is in it. A code span would end at a backtick and a table's cell at a pipe, so punctuation is
 * written as character references, which never are markup (CommonMark §2.5).
 */
function code(text: string): string {
	const safe = text.replaceAll(/[^\p{L}\p{N} .,;=+\-…]/gu, (character) => `&#${character.codePointAt(0)};`);
	return `<code>${safe}</code>`;
}
