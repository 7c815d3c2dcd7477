/** What a meter lets through: so many at once after a quiet time, and so many a second from then on. */
export interface Rate {
	readonly burst: number;
	readonly perSecond: number;
}

/** The throttles of a hub with one unit ("IoT Hub quotas and throttling", Microsoft Learn). */
export const RATES = {
	S1: {
		registry: { burst: 100, perSecond: 100 / 60 },
		query: { burst: 20, perSecond: 20 / 60 },
		twinRead: { burst: 100, perSecond: 100 },
	},
	S3: {
		registry: { burst: 5_000, perSecond: 5_000 / 60 },
		query: { burst: 1_000, perSecond: 1_000 / 60 },
		twinRead: { burst: 500, perSecond: 500 },
	},
} as const satisfies Readonly<Record<string, Readonly<Record<string, Rate>>>>;

/** How many operations there are, by the meter that counts them. */
export type Operations = Readonly<Record<keyof (typeof RATES)["S1"], number>>;

/** The least time in seconds in which a hub that was quiet before can carry operations out: that of the slowest meter. */
export function computeFloor(operations: Operations, sku: keyof typeof RATES): number {
	const rates: Readonly<Record<keyof Operations, Rate>> = RATES[sku];
	const meters = ["registry", "query", "twinRead"] as const;
	const seconds = meters.map((meter) => (operations[meter] - rates[meter].burst) / rates[meter].perSecond);
	return Math.max(0, ...seconds);
}
