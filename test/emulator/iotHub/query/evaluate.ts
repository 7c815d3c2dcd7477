import { getMember, isObject, type JsonObject } from "../../json.ts";
import type { Column, Expression, FunctionName, Path, Query, Sign } from "./query.ts";

/**
 * Returns the value of an expression for a twin. Undefined is a third truth value beside true and false: a comparison
 * with a property that a twin does not have excludes the row, whichever the operator.
 */
export function evaluate(expression: Expression, twin: JsonObject): unknown {
	switch (expression.kind) {
		case "literal":
			return expression.value;
		case "path":
			return getValueAt(twin, expression.path);
		case "not":
			return negate(evaluate(expression.of, twin));
		case "all":
			return isEveryTrue(expression.of.map((part) => evaluate(part, twin)));
		case "any":
			return negate(isEveryTrue(expression.of.map((part) => negate(evaluate(part, twin)))));
		case "compare":
			return compare(expression.sign, evaluate(expression.left, twin), evaluate(expression.right, twin));
		case "in":
			return isIn(
				evaluate(expression.value, twin),
				expression.list.map((part) => evaluate(part, twin)),
			);
		case "call":
			return call(
				expression.name,
				expression.of.map((part) => evaluate(part, twin)),
			);
	}
}

/** Returns the value at a path; the first name matches in any case, those below exactly. */
export function getValueAt(twin: JsonObject, [first = "", ...rest]: Path): unknown {
	return rest.reduce<unknown>(
		(value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
		getMember(twin, first),
	);
}

function negate(value: unknown): boolean | undefined {
	return typeof value === "boolean" ? !value : undefined;
}

function isEveryTrue(values: readonly unknown[]): boolean | undefined {
	if (values.includes(false)) return false;
	return values.every((value) => value === true) ? true : undefined;
}

function compare(sign: Sign, left: unknown, right: unknown): boolean | undefined {
	if (left === undefined || right === undefined) return undefined;
	if (sign === "=") return isSameValue(left, right);
	if (sign === "!=") return !isSameValue(left, right);
	const order = compareValues(left, right);
	if (order === undefined) return undefined;
	if (order === 0) return sign.endsWith("=");
	return order < 0 ? sign.startsWith("<") : sign.startsWith(">");
}

function isSameValue(left: unknown, right: unknown): boolean {
	return left === right || (typeof left === "object" && JSON.stringify(left) === JSON.stringify(right));
}

function compareValues(left: unknown, right: unknown): number | undefined {
	if (typeof left === "number" && typeof right === "number") return left - right;
	if (typeof left !== "string" || typeof right !== "string") return undefined;
	return left < right ? -1 : Number(left > right);
}

function isIn(value: unknown, list: readonly unknown[]): boolean | undefined {
	return value === undefined ? undefined : list.some((item) => isSameValue(value, item));
}

function call(name: FunctionName, [first, second]: readonly unknown[]): boolean | undefined {
	switch (name) {
		case "is_defined":
			return first !== undefined;
		case "is_null":
			return first === null;
		case "is_string":
			return typeof first === "string";
		case "is_number":
			return typeof first === "number";
		case "is_bool":
			return typeof first === "boolean";
		case "is_object":
			return isObject(first);
		case "array_contains":
			return Array.isArray(first) ? first.some((item) => isSameValue(item, second)) : undefined;
		default:
			return compareTexts(name, first, second);
	}
}

function compareTexts(name: string, text: unknown, part: unknown): boolean | undefined {
	if (typeof text !== "string" || typeof part !== "string") return undefined;
	if (name === "startswith") return text.startsWith(part);
	return name === "endswith" ? text.endsWith(part) : text.includes(part);
}

/** Returns the rows that a query's columns make of the selected twins; whole twins of groups are the first of each. */
export function projectColumns(
	twins: readonly JsonObject[],
	{ columns, groupBy }: Query,
): readonly JsonObject[] {
	const groups = groupBy.length > 0 ? [...groupTwins(twins, groupBy).values()] : undefined;
	if (columns === "*") return groups?.flatMap((group) => group.slice(0, 1)) ?? twins;
	if (groups !== undefined) return groups.map((group) => createRow(group, columns));
	return hasCount(columns) ? [createRow(twins, columns)] : twins.map((twin) => createRow([twin], columns));
}

/** Returns whether each selected twin has a row of its own. */
export function isRowPerTwin({ columns, groupBy }: Query): boolean {
	return groupBy.length === 0 && (columns === "*" || !hasCount(columns));
}

function hasCount(columns: readonly Column[]): boolean {
	return columns.some(({ path }) => path === "count()");
}

function groupTwins(twins: readonly JsonObject[], paths: readonly Path[]): Map<string, JsonObject[]> {
	const groups = new Map<string, JsonObject[]>();
	for (const twin of twins) {
		const key = JSON.stringify(paths.map((path) => getValueAt(twin, path) ?? null));
		groups.set(key, [...(groups.get(key) ?? []), twin]);
	}
	return groups;
}

/** Returns one row, without properties that the twin does not have. */
function createRow(group: readonly JsonObject[], columns: readonly Column[]): JsonObject {
	const cells = columns.map(({ name, path }): readonly [string, unknown] => {
		if (path === "count()") return [name, group.length];
		return [name, group[0] && getValueAt(group[0], path)];
	});
	return Object.fromEntries(cells.filter(([, value]) => value !== undefined));
}
