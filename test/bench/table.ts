/** A row of a table: figures and labels by column. */
export type Row = Readonly<Record<string, string | number>>;

/** Formats rows as a titled Markdown table with the columns of the first row. */
export function formatTable(title: string, rows: readonly Row[]): string {
	const columns = Object.keys(rows[0] ?? {});
	const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "")));
	const widths = columns.map((column, index) =>
		Math.max(column.length, ...cells.map((line) => line[index]?.length ?? 0)),
	);
	const line = (texts: readonly string[]): string =>
		`| ${texts.map((text, index) => text.padEnd(widths[index] ?? 0)).join(" | ")} |`;
	return [
		`## ${title}`,
		"",
		line(columns),
		line(widths.map((width) => "-".repeat(width))),
		...cells.map(line),
		"",
	].join("\n");
}
