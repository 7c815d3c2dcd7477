import type { HubSetting } from "./hubSetting.ts";
import type { DeviceRecord } from "./identity.ts";

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
