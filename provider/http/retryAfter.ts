import type { Response } from "./message.ts";

/**
 * How many milliseconds the service wants to be left alone, in seconds or as a date (RFC 9110 §10.2.3), or undefined
 * where it does not say.
 *
 * @param now milliseconds since 1970
 */
export function retryAfter({ headers }: Pick<Response, "headers">, now: number): number | undefined {
	const value = headers["retry-after"];
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
