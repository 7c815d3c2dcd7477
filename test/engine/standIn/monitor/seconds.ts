const UNITS: Readonly<Record<string, number>> = {
	h: 3600,
	m: 60,
	s: 1,
	ms: 1e-3,
	us: 1e-6,
	µs: 1e-6,
	ns: 1e-9,
};

/** Reads a duration as Go writes it ("1h30m", "500ms") in seconds; nothing is 0 (`time.ParseDuration`). */
export function seconds(text: string): number {
	const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/gu)];
	if (parts.map(([part]) => part).join("") !== text)
		throw new Error(`unable to parse customTimeout value ${text}`);
	return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + Number(count) * (UNITS[unit] ?? 1), 0);
}
