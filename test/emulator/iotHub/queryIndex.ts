import type { DeviceRecord } from "./identity.ts";
import type { Registry } from "./registry.ts";
import type { HubSetting } from "./switches.ts";

/**
 * The devices as the query index sees them, in the order of their creation: new ones not yet, deleted ones still, changed
 * ones as they were, for as long as the switches say.
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

/** A device as it was at a moment in virtual milliseconds. */
export function getFormer(moment: number, device: DeviceRecord): DeviceRecord {
	return device.former.find(({ changedAt }) => changedAt > moment)?.device ?? device;
}

/** Keeps a device as it is just before it is changed, for an index that lags; what the index has caught up with goes. */
export function keepFormer(device: DeviceRecord, { clock, switches }: HubSetting): void {
	const { changedIndexLag } = switches;
	if (changedIndexLag === 0) return;
	const changedAt = clock.now();
	const lagging = device.former.filter((former) => changedAt - former.changedAt < changedIndexLag);
	const modules = new Map([...device.modules].map(([id, module]) => [id, { ...module }]));
	device.former = [...lagging, { device: { ...device, modules, former: [] }, changedAt }];
}
