import type { DeviceRecord } from "./identity.ts";
import type { Registry } from "./registry.ts";
import type { HubSetting } from "./switches.ts";

/**
 * Returns the devices in the query index, in the order of their creation. For as long as the switches say, it lacks new
 * devices, still has deleted ones, and has changed ones as they were.
 */
export function listIndexedDevices({ devices, ghosts, setting }: Registry): DeviceRecord[] {
	const { createdIndexLag, deletedIndexLag, changedIndexLag } = setting.switches;
	if (createdIndexLag + deletedIndexLag + changedIndexLag === 0)
		return sortByGeneration([...devices.values()]);
	const now = setting.clock.now();
	const seen = [...devices.values()].filter(({ createdAt }) => now - createdAt >= createdIndexLag);
	const ids = new Set(seen.map(({ deviceId }) => deviceId));
	const still = [...ghosts.values()].filter(
		({ device, deletedAt }) => now - deletedAt < deletedIndexLag && !ids.has(device.deviceId),
	);
	return sortByGeneration([...seen, ...still.map(({ device }) => device)]).map((device) =>
		getFormer(now - changedIndexLag, device),
	);
}

function sortByGeneration(devices: DeviceRecord[]): DeviceRecord[] {
	return devices.sort((one, other) => (one.generationId < other.generationId ? -1 : 1));
}

/** Returns a device as it was at a moment in virtual milliseconds. */
export function getFormer(moment: number, device: DeviceRecord): DeviceRecord {
	return device.former.find(({ changedAt }) => changedAt > moment)?.device ?? device;
}

/** Stores a device before it is changed, for an index that lags; versions that the index no longer needs are dropped. */
export function keepFormer(device: DeviceRecord, { clock, switches }: HubSetting): void {
	const { changedIndexLag } = switches;
	if (changedIndexLag === 0) return;
	const changedAt = clock.now();
	const lagging = device.former.filter((former) => changedAt - former.changedAt < changedIndexLag);
	const modules = new Map([...device.modules].map(([id, module]) => [id, { ...module }]));
	device.former = [...lagging, { device: { ...device, modules, former: [] }, changedAt }];
}
