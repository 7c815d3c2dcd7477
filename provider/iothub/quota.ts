import type { Sku } from "./settings.ts";

/** The most devices and modules that a hub can hold, and a free one ("IoT Hub quotas and throttling", Microsoft Learn). */
const MOST = 1_000_000;
const MOST_FREE = 500;

/**
 * Why a hub can't hold so many devices; undefined where it can.
 *
 * @param sku the hub's edition; without one only what no hub can hold is a fault
 */
export function quotaFault(devices: number, sku: Sku | undefined): string | undefined {
	if (devices > MOST) {
		return `${shown(devices)} devices are more than the ${shown(MOST)} that a hub holds; spread them over several hubs`;
	}
	if (sku !== "F1" || devices <= MOST_FREE) return undefined;
	return `${shown(devices)} devices are more than the ${MOST_FREE} that a free hub (F1) holds; take a hub of another edition`;
}

function shown(count: number): string {
	return count.toLocaleString("en-US");
}
