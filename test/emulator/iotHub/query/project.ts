import type { JsonObject } from "../../json.ts";
import { valueAt } from "./evaluate.ts";
import type { Column, Query } from "./query.ts";

/** The rows that a query's columns make of the twins that its condition let through. */
export function project(twins: readonly JsonObject[], { columns, groupBy }: Query): readonly JsonObject[] {
	if (columns === "*") return twins;
	if (groupBy.length > 0) return [...grouped(twins, groupBy).values()].map((group) => row(group, columns));
	return counts(columns) ? [row(twins, columns)] : twins.map((twin) => row([twin], columns));
}

/** Whether each twin that the condition lets through has a row of its own. */
export function isRowPerTwin({ columns, groupBy }: Query): boolean {
	return columns === "*" || (groupBy.length === 0 && !counts(columns));
}

function counts(columns: readonly Column[]): boolean {
	return columns.some(({ path }) => path === "count()");
}

function grouped(twins: readonly JsonObject[], paths: readonly string[]): Map<string, JsonObject[]> {
	const groups = new Map<string, JsonObject[]>();
	for (const twin of twins) {
		const key = JSON.stringify(paths.map((path) => valueAt(twin, path) ?? null));
		groups.set(key, [...(groups.get(key) ?? []), twin]);
	}
	return groups;
}

/** One row; a property that the twin does not have is left out. */
function row(group: readonly JsonObject[], columns: readonly Column[]): JsonObject {
	const cells = columns.map(({ name, path }): readonly [string, unknown] => {
		if (path === "count()") return [name, group.length];
		return [name, group[0] && valueAt(group[0], path)];
	});
	return Object.fromEntries(cells.filter(([, value]) => value !== undefined));
}
