/** What a whole program does with a fleet, in this order. */
export const OPERATIONS = ["up", "preview, unchanged", "refresh, 1 % changed", "destroy"] as const;

/** One of them. */
export type FleetOperation = (typeof OPERATIONS)[number];

/** Seconds that an operation may take, by how many devices there are. */
const GOALS: Readonly<Record<number, Readonly<Record<FleetOperation, number>>>> = {
	1000: { up: 5, "preview, unchanged": 4, "refresh, 1 % changed": 4, destroy: 5 },
	10000: { up: 12, "preview, unchanged": 6, "refresh, 1 % changed": 8, destroy: 12 },
	100000: { up: 60, "preview, unchanged": 15, "refresh, 1 % changed": 25, destroy: 60 },
};

/** The sizes of fleets that have goals, the smallest first. */
export const SIZES: readonly number[] = Object.keys(GOALS).map(Number);

/** The most bytes of state for each device, besides what is declared: 0.2 KB. */
export const BYTES_GOAL = 200;

/** How much longer than the throttle's own floor an operation on a throttled hub may take. */
export const FLOOR_GOAL = 1.05;

/** Seconds that an operation on so many devices may take; undefined for a size without a goal. */
export function getGoal(devices: number, operation: FleetOperation): number | undefined {
	return GOALS[devices]?.[operation];
}

/** `pass` or `miss`, for a figure that should be at most so large; nothing without a goal. */
export function verdict(figure: number, most: number | undefined): "pass" | "miss" | "" {
	if (most === undefined) return "";
	return figure <= most ? "pass" : "miss";
}
