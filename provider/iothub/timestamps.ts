/** Milliseconds from 0001-01-01, the first .NET tick, to 1970. */
const TICKS_EPOCH_OFFSET_MS = 62_135_596_800_000n;
const TICKS_PER_MILLISECOND = 10_000n;

/**
 * Returns a time of the service in a uniform notation; undefined for "never", which the service writes as year 1. The service
 * omits the `Z` in some responses and adds zeros in others.
 */
export function normalizeTimestamp(json: unknown): string | undefined {
	if (typeof json !== "string" || json === "" || json.startsWith("0001-01-01T00:00:00")) return undefined;
	const [, seconds, fraction = ""] =
		/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?$/.exec(json) ?? [];
	if (seconds === undefined) return json;
	const digits = fraction.replace(/0+$/, "");
	return `${seconds}${digits === "" ? "" : `.${digits}`}Z`;
}

/** Returns when a device was created, in milliseconds since 1970: its generation id is that time in .NET ticks. */
export function parseCreationTime(generationId: string): number | undefined {
	if (!/^\d{17,19}$/.test(generationId)) return undefined;
	return Number(BigInt(generationId) / TICKS_PER_MILLISECOND - TICKS_EPOCH_OFFSET_MS);
}

/**
 * Returns the age of a device, in milliseconds.
 *
 * @param serviceTimeMs the current time on the service's clock, in milliseconds since 1970
 */
export function computeAgeMs(generationId: string, serviceTimeMs: number | undefined): number | undefined {
	const createdAt = parseCreationTime(generationId);
	return createdAt === undefined || serviceTimeMs === undefined ? undefined : serviceTimeMs - createdAt;
}
