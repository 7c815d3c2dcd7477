import { ConfigurationError } from "./reader.ts";

/** How long each operation may take, in milliseconds. */
export type Timeouts = Readonly<Record<(typeof TIMEOUT_OPERATIONS)[number], number>>;

const TIMEOUT_OPERATIONS = ["create", "read", "update", "delete"] as const;

const MINUTE_MS = 60_000;

/** Default timeouts: long enough for a service that throttles for minutes, short enough for a pipeline. */
const STANDARD_TIMEOUTS: Timeouts = {
	create: 20 * MINUTE_MS,
	read: 20 * MINUTE_MS,
	update: 20 * MINUTE_MS,
	delete: 20 * MINUTE_MS,
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Parses the setting `timeouts`: one duration for all operations (`90s`, `10m`, `1h`, or combined as `1h30m`, as in Pulumi's
 * customTimeouts), or a JSON object with a duration for each operation.
 *
 * @param key the setting's key, for the message
 * @param customDefaults defaults that are not twenty minutes
 */
export function parseTimeouts(
	key: string,
	text: string | undefined,
	customDefaults: Partial<Timeouts> = {},
): Timeouts {
	const defaults = { ...STANDARD_TIMEOUTS, ...customDefaults };
	const durations: Readonly<Record<string, unknown>> = text?.trim().startsWith("{")
		? parseDurations(key, text)
		: { create: text, read: text, update: text, delete: text };
	const getTimeout = (operation: keyof Timeouts): number =>
		durations[operation] === undefined ? defaults[operation] : parseDuration(key, durations[operation]);
	return {
		create: getTimeout("create"),
		read: getTimeout("read"),
		update: getTimeout("update"),
		delete: getTimeout("delete"),
	};
}

function parseDurations(key: string, text: string): Readonly<Record<string, unknown>> {
	const durations = parseJsonObject(text);
	if (durations === undefined) throw createDurationsError(key, "unreadable");
	const unknownName = Object.keys(durations).find(
		(name) => !TIMEOUT_OPERATIONS.some((operation) => operation === name),
	);
	if (unknownName !== undefined) throw createDurationsError(key, unknownName);
	return durations;
}

function createDurationsError(key: string, detail: string): ConfigurationError {
	return new ConfigurationError(
		key,
		`is not an object with durations for ${TIMEOUT_OPERATIONS.join(", ")} (${detail})`,
	);
}

function parseJsonObject(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}

function parseDuration(key: string, text: unknown): number {
	const parts = typeof text === "string" && /^(\d+[smh])+$/.test(text) ? (text.match(/\d+[smh]/g) ?? []) : [];
	const totalMs = parts.reduce(
		(sum, part) => sum + Number(part.slice(0, -1)) * (UNIT_MS[part.slice(-1)] ?? 0),
		0,
	);
	if (totalMs > 0) return totalMs;
	throw new ConfigurationError(
		key,
		`is ${JSON.stringify(text)}; a duration is written like 90s, 10m or 1h30m`,
	);
}
