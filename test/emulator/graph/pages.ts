import { getParameter } from "../http/call.ts";
import { createMalformedError } from "./graphError.ts";

/** One page, and the query for the next; undefined for the last page. */
export interface Page<Row> {
	readonly rows: readonly Row[];
	readonly next: URLSearchParams | undefined;
}

/** Returns the requested number of rows, at most a page's. */
export function readTop(query: URLSearchParams, pageSize: number): number {
	const text = getParameter(query, "$top");
	if (text === undefined) return pageSize;
	if (/^\d+$/.test(text) && Number(text) > 0) return Math.min(Number(text), pageSize);
	throw createMalformedError(`Invalid value '${text}' for $top query option found.`);
}

/**
 * Returns a page of rows by serial number. The token is the last row's serial number, and the next page begins with
 * that row, so it is sent twice. A page of one row, or with only one serial number, leads back to itself.
 */
export function createSerialPage<Row extends { readonly id: string; readonly serialNumber: string }>(
	rows: readonly Row[],
	query: URLSearchParams,
	pageSize: number,
): Page<Row> {
	const [top, from] = [readTop(query, pageSize), readLastSerial(query)];
	const left = [...rows].sort(compareSerials).filter(({ serialNumber }) => serialNumber >= from);
	const page = left.slice(0, top);
	const last = page.at(-1);
	if (last === undefined || left.length <= page.length) return { rows: page, next: undefined };
	const next = new URLSearchParams(query);
	next.set("$skiptoken", `LastSerialNumber='${last.serialNumber.replaceAll("'", "''")}'`);
	return { rows: page, next };
}

/** Returns a page of rows in their order, counted from `$skip`. */
export function createCountedPage<Row>(
	rows: readonly Row[],
	query: URLSearchParams,
	pageSize: number,
): Page<Row> {
	const [top, skip] = [readTop(query, pageSize), Number(getParameter(query, "$skip") ?? 0)];
	if (!Number.isInteger(skip) || skip < 0)
		throw createMalformedError("Invalid value for $skip query option found.");
	const page = rows.slice(skip, skip + top);
	if (skip + page.length >= rows.length) return { rows: page, next: undefined };
	const next = new URLSearchParams(query);
	next.set("$skip", String(skip + page.length));
	return { rows: page, next };
}

function readLastSerial(query: URLSearchParams): string {
	const token = getParameter(query, "$skiptoken");
	if (token === undefined) return "";
	const [, serial] = /^LastSerialNumber='((?:[^']|'')*)'$/.exec(token) ?? [];
	if (serial === undefined) throw createMalformedError("Skip token is not valid.");
	return serial.replaceAll("''", "'");
}

type Sorted = { readonly id: string; readonly serialNumber: string };

function compareSerials(one: Sorted, other: Sorted): number {
	if (one.serialNumber !== other.serialNumber) return one.serialNumber < other.serialNumber ? -1 : 1;
	return one.id < other.id ? -1 : 1;
}
