import type { DriftReport, ReportedDifference, ReportedResource } from "./drift.report.ts";
import { formatDriftSummary, formatResourceTitle, STATUS_LABELS } from "./drift.summary.ts";

/** Maximum length of the report, in characters; a GitHub comment holds 65,536. */
const MAX_COMMENT_LENGTH = 60_000;
/** Maximum lengths of a value or name, and of a message; longer ones are cut. */
const MAX_TEXT_LENGTHS = { value: 200, message: 1_000 } as const;

/** Formats the report as a comment on a pull request. All text from services and programs is code, so none is markup. */
export function formatAsMarkdown(report: DriftReport): string {
	const stack = report.stack === undefined ? "" : ` of ${formatCode(report.stack)}`;
	const heading = `## Drift${stack}: ${formatDriftSummary(report)}\n`;
	const blocks = report.resources.map(formatResourceSection);
	const maxLength = MAX_COMMENT_LENGTH - heading.length - formatRemainder(blocks.length).length;
	const fittingBlocks = blocks.slice(0, countFittingBlocks(blocks, maxLength));
	return [heading, ...fittingBlocks, formatRemainder(blocks.length - fittingBlocks.length)].join("");
}

/** Returns how many of the first blocks fit into the maximum length. */
function countFittingBlocks(blocks: readonly string[], maxLength: number): number {
	let remainingLength = maxLength;
	const firstTooLong = blocks.findIndex(({ length }) => {
		remainingLength -= length;
		return remainingLength < 0;
	});
	return firstTooLong < 0 ? blocks.length : firstTooLong;
}

function formatRemainder(count: number): string {
	return count === 0 ? "" : `\n… and ${count} more\n`;
}

function formatResourceSection(resource: ReportedResource): string {
	const { status, differences } = resource;
	const title = `\n### ${formatCode(truncateText(formatResourceTitle(resource), MAX_TEXT_LENGTHS.value))} ${status === "unreadable" ? "" : "was "}${STATUS_LABELS[status]}\n`;
	return `${title}\n${differences.length === 0 ? formatMessageParagraph(resource) : formatDifferenceTable(differences)}`;
}

function formatMessageParagraph({ message = "" }: ReportedResource): string {
	return `${formatCode(truncateText(message.replaceAll(/\s+/g, " "), MAX_TEXT_LENGTHS.message))}\n`;
}

function formatDifferenceTable(differences: readonly ReportedDifference[]): string {
	const rows = differences.map(({ path, last, live, declared, secret }) => {
		const cells = [last, live, declared].map((value) => formatMarkdownValue(value, secret));
		return `| ${[formatCode(path), ...cells].join(" | ")} |`;
	});
	return `${["| field | last deployment | now | declared |", "|---|---|---|---|", ...rows].join("\n")}\n`;
}

function formatMarkdownValue(value: string | null, secret: true | undefined): string {
	if (value === null) return "none";
	return formatCode(secret ? `key ${value}` : truncateText(JSON.stringify(value), MAX_TEXT_LENGTHS.value));
}

function truncateText(text: string, maxLength: number): string {
	return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/**
 * Formats any text as code. A code span would end at a backtick and a table's cell at a pipe, so punctuation is written as
 * character references, which are never markup (CommonMark §2.5).
 */
function formatCode(text: string): string {
	const escaped = text.replaceAll(
		/[^\p{L}\p{N} .,;=+\-…]/gu,
		(character) => `&#${character.codePointAt(0)};`,
	);
	return `<code>${escaped}</code>`;
}
