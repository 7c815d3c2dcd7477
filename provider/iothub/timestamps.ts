/** Milliseconds from 0001-01-01, where .NET's ticks begin, to 1970. */
const TICKS_EPOCH_OFFSET_MS = 62_135_596_800_000n;
const TICKS_PER_MILLISECOND = 10_000n;

/**
 * A time of the service in one spelling, or undefined for "never", which is the year 1 on this wire. The service
 * leaves the `Z` out in some answers and adds zeros to others.
 */
export function normalizeTimestamp(json: unknown): string | undefined {
	if (typeof json !== "string" || json === "" || json.startsWith("0001-01-01T00:00:00")) return undefined;
	const [, seconds, fraction = ""] =
		/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?$/.exec(json) ?? [];
	if (seconds === undefined) return json;
	const digits = fraction.replace(/0+$/, "");
	return `${seconds}${digits === "" ? "" : `.${digits}`}Z`;
}

/** When an object was made, in milliseconds since 1970: generation ids are .NET ticks of that moment. */
export function parseCreationTime(generationId: string): number | undefined {
	if (!/^\d{17,19}$/.test(generationId)) return undefined;
	return Number(BigInt(generationId) / TICKS_PER_MILLISECOND - TICKS_EPOCH_OFFSET_MS);
}

/**
 * How long ago an object was made, in milliseconds.
 *
 * @param serviceTimeMs the service's clock, in milliseconds since 1970
 */
export function computeAgeMs(generationId: string, serviceTimeMs: number | undefined): number | undefined {
	const createdAt = parseCreationTime(generationId);
	return createdAt === undefined || serviceTimeMs === undefined ? undefined : serviceTimeMs - createdAt;
}
