import type { HttpResponse } from "./message.ts";

/**
 * How many milliseconds the service wants to be left alone, in seconds or as a date (RFC 9110 §10.2.3), or undefined
 * where it does not say.
 *
 * @param now milliseconds since 1970
 */
export function parseRetryAfter({ headers }: Pick<HttpResponse, "headers">, now: number): number | undefined {
	const value = headers["retry-after"];
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
	const dateMs = Date.parse(value);
	return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - now);
}
