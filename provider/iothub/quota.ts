import type { Sku } from "./settings.ts";

/** The most devices and modules that a hub can hold, and a free one ("IoT Hub quotas and throttling", Microsoft Learn). */
const MAX_DEVICES = 1_000_000;
const MAX_DEVICES_IN_FREE_HUB = 500;

/**
 * Why a hub can't hold so many devices; undefined where it can.
 *
 * @param sku the hub's edition; without one only what no hub can hold is a fault
 */
export function checkDeviceQuota(devices: number, sku: Sku | undefined): string | undefined {
	if (devices > MAX_DEVICES) {
		return `${formatDeviceCount(devices)} devices are more than the ${formatDeviceCount(MAX_DEVICES)} that a hub holds; spread them over several hubs`;
	}
	if (sku !== "F1" || devices <= MAX_DEVICES_IN_FREE_HUB) return undefined;
	return `${formatDeviceCount(devices)} devices are more than the ${MAX_DEVICES_IN_FREE_HUB} that a free hub (F1) holds; take a hub of another edition`;
}

function formatDeviceCount(count: number): string {
	return count.toLocaleString("en-US");
}
