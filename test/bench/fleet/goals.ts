/** The operations of a whole program on a fleet, in this order. */
export const OPERATIONS = ["up", "preview, unchanged", "refresh, 1 % changed", "destroy"] as const;

/** One of them. */
export type FleetOperation = (typeof OPERATIONS)[number];

/** The goals in seconds for each operation, by the number of devices. */
const GOALS: Readonly<Record<number, Readonly<Record<FleetOperation, number>>>> = {
	1000: { up: 5, "preview, unchanged": 4, "refresh, 1 % changed": 4, destroy: 5 },
	10000: { up: 12, "preview, unchanged": 6, "refresh, 1 % changed": 8, destroy: 12 },
	100000: { up: 60, "preview, unchanged": 15, "refresh, 1 % changed": 25, destroy: 60 },
};

/** The sizes of fleets that have goals, the smallest first. */
export const SIZES: readonly number[] = Object.keys(GOALS).map(Number);

/** The goal in bytes of state for each device, without its declaration: 0.2 KB. */
export const BYTES_GOAL = 200;

/** The goal for the ratio of an operation's time on a throttled hub to its floor. */
export const FLOOR_GOAL = 1.05;

/** Returns the goal in seconds for an operation on a number of devices, undefined for a size without a goal. */
export function getGoal(devices: number, operation: FleetOperation): number | undefined {
	return GOALS[devices]?.[operation];
}

/** Returns `pass` if a figure is at most its goal, otherwise `miss`; an empty string without a goal. */
export function judgeFigure(figure: number, most: number | undefined): "pass" | "miss" | "" {
	if (most === undefined) return "";
	return figure <= most ? "pass" : "miss";
}

/** The rate of a meter: the operations that it allows at once after an idle time, and per second from then on. */
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

/** Counts of operations by meter. */
export type Operations = Readonly<Record<keyof (typeof RATES)["S1"], number>>;

/** Returns the least time in seconds in which a hub that was idle before can carry out operations: that of the slowest meter. */
export function computeFloor(operations: Operations, sku: keyof typeof RATES): number {
	const rates: Readonly<Record<keyof Operations, Rate>> = RATES[sku];
	const meters = ["registry", "query", "twinRead"] as const;
	const seconds = meters.map((meter) => (operations[meter] - rates[meter].burst) / rates[meter].perSecond);
	return Math.max(0, ...seconds);
}
