import { ConfigurationError } from "./errors.ts";

/** How long each kind of operation may take, in milliseconds. */
export type Timeouts = Readonly<Record<(typeof VERBS)[number], number>>;

const VERBS = ["create", "read", "update", "delete"] as const;

const MINUTE = 60_000;

/** Long enough for a service that throttles for minutes, short enough for a pipeline to end. */
const DEFAULTS: Timeouts = {
	create: 20 * MINUTE,
	read: 20 * MINUTE,
	update: 20 * MINUTE,
	delete: 20 * MINUTE,
};

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Reads `timeouts`: one duration for all (`90s`, `10m`, `1h`, also combined as `1h30m`, as Pulumi's customTimeouts
 * have it), or a JSON object with one for each operation.
 *
 * @param key the setting's key, for the message
 * @param own where the defaults are not twenty minutes
 */
export function timeoutsOf(key: string, text: string | undefined, own: Partial<Timeouts> = {}): Timeouts {
	const defaults = { ...DEFAULTS, ...own };
	const given = text?.trim().startsWith("{")
		? objectOf(key, text)
		: Object.fromEntries(VERBS.map((verb) => [verb, text]));
	const entries = VERBS.map((verb) => [
		verb,
		given[verb] === undefined ? defaults[verb] : duration(key, given[verb]),
	]);
	return Object.fromEntries(entries);
}

function objectOf(key: string, text: string): Record<string, unknown> {
	const given = parsed(text);
	const stranger =
		given === undefined
			? "unreadable"
			: Object.keys(given).find((name) => !VERBS.some((verb) => verb === name));
	if (given !== undefined && stranger === undefined) return given;
	throw new ConfigurationError(key, `is not an object with durations for ${VERBS.join(", ")} (${stranger})`);
}

function parsed(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}

function duration(key: string, text: unknown): number {
	const parts = typeof text === "string" && /^(\d+[smh])+$/.test(text) ? (text.match(/\d+[smh]/g) ?? []) : [];
	const total = parts.reduce(
		(sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0),
		0,
	);
	if (total > 0) return total;
	throw new ConfigurationError(
		key,
		`is ${JSON.stringify(text)}; a duration is written like 90s, 10m or 1h30m`,
	);
}
