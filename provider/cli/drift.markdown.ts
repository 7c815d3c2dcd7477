import { formatCount } from "../text/quantities.ts";
import type {
	DriftCounts,
	DriftReport,
	ReportedDifference,
	ReportedObject,
	ReportedResource,
} from "./drift.report.ts";
import {
	formatCounts,
	formatDriftSummary,
	formatResourceTitle,
	getNoun,
	STATUS_LABELS,
} from "./drift.summary.ts";

/** Maximum length of the report, in characters; a GitHub comment holds 65,536. */
const MAX_COMMENT_LENGTH = 60_000;
/** Maximum lengths of a value or name, and of a message; longer ones are cut. */
const MAX_TEXT_LENGTHS = { value: 200, message: 1_000 } as const;

/** A part of the report that is shown as a whole or not at all. */
interface Block {
	readonly text: string;
	/** How many devices or machines it shows. */
	readonly objectCount: number;
}

/** Formats the report as a comment on a pull request. All text from services and programs is code, so none is markup. */
export function formatAsMarkdown(report: DriftReport): string {
	const stack = report.stack === undefined ? "" : ` of ${formatCode(report.stack)}`;
	const heading = `## Drift${stack}: ${formatDriftSummary(report)}\n`;
	const blocks = report.resources.flatMap(formatResourceBlocks);
	const maxLength = MAX_COMMENT_LENGTH - heading.length - formatRemainder(countShown(blocks)).length;
	const fittingBlocks = blocks.slice(0, countFittingBlocks(blocks, maxLength));
	const remaining = countShown(blocks) - countShown(fittingBlocks);
	return [heading, ...fittingBlocks.map(({ text }) => text), formatRemainder(remaining)].join("");
}

function countShown(blocks: readonly Block[]): number {
	return blocks.reduce((sum, { objectCount }) => sum + objectCount, 0);
}

/** Returns how many of the first blocks fit into the maximum length. */
function countFittingBlocks(blocks: readonly Block[], maxLength: number): number {
	let remainingLength = maxLength;
	const firstTooLong = blocks.findIndex(({ text }) => {
		remainingLength -= text.length;
		return remainingLength < 0;
	});
	return firstTooLong < 0 ? blocks.length : firstTooLong;
}

function formatRemainder(count: number): string {
	return count === 0 ? "" : `\n… and ${formatCount(count)} more\n`;
}

function formatResourceBlocks(resource: ReportedResource): Block[] {
	const { counts, members } = resource;
	if (counts !== undefined && members !== undefined) return formatFleetBlocks(resource, { counts, members });
	return [{ text: formatResourceSection(resource), objectCount: 1 }];
}

function formatResourceSection(resource: ReportedResource): string {
	const { status, severity, differences } = resource;
	const title = `\n### ${formatTitle(resource)} ${status === "unreadable" ? "" : "was "}${STATUS_LABELS[status]} (${severity})\n`;
	return `${title}\n${differences.length === 0 ? formatMessageParagraph(resource) : formatDifferenceTable(differences)}`;
}

/** Formats a fleet as one table, a block for each member, so that a long table is cut between members. */
function formatFleetBlocks(
	resource: ReportedResource,
	{ counts, members }: { counts: DriftCounts; members: readonly ReportedObject[] },
): Block[] {
	const { hubHostName } = resource;
	const noun = getNoun(resource);
	const hub = hubHostName === undefined ? "" : ` on ${formatCode(hubHostName)}`;
	const head =
		`\n### ${formatTitle(resource)}${hub}: ${formatCounts(noun, counts)}\n\n` +
		`| ${noun} | drift | severity | field | last deployment | now | declared |\n|---|---|---|---|---|---|---|\n`;
	return members.map((member, index) => ({
		text: `${index === 0 ? head : ""}${formatMemberRows(member)}`,
		objectCount: 1,
	}));
}

function formatMemberRows(member: ReportedObject): string {
	const { name, status, severity, differences } = member;
	const start = `| ${formatCode(truncateText(name, MAX_TEXT_LENGTHS.value))} | ${STATUS_LABELS[status]} | ${severity} |`;
	if (differences.length === 0) return `${start} ${formatMessage(member)} | | | |\n`;
	return differences.map((difference) => `${start} ${formatDifferenceCells(difference)} |\n`).join("");
}

function formatTitle(resource: ReportedResource): string {
	return formatCode(truncateText(formatResourceTitle(resource), MAX_TEXT_LENGTHS.value));
}

function formatMessageParagraph(resource: ReportedObject): string {
	return `${formatMessage(resource)}\n`;
}

function formatMessage({ message = "" }: ReportedObject): string {
	return formatCode(truncateText(message.replaceAll(/\s+/g, " "), MAX_TEXT_LENGTHS.message));
}

function formatDifferenceTable(differences: readonly ReportedDifference[]): string {
	const rows = differences.map((difference) => `| ${formatDifferenceCells(difference)} |`);
	return `${["| field | last deployment | now | declared |", "|---|---|---|---|", ...rows].join("\n")}\n`;
}

function formatDifferenceCells({ path, last, live, declared, secret }: ReportedDifference): string {
	const cells = [last, live, declared].map((value) => formatMarkdownValue(value, secret));
	return [formatCode(path), ...cells].join(" | ");
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
