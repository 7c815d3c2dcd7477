import type { JsonObject } from "../json.ts";
import type { BulkMode } from "./bulkMode.ts";
import { formatTwinEtag, requireMatch } from "./condition.ts";
import { readIdentity } from "./identityBody.ts";
import { keepFormer } from "./queryIndex.ts";
import type { Registry } from "./registry.ts";
import { createTwin, replaceTwin } from "./twin.ts";
import { readTwin } from "./twinJson.ts";

/** An item of a bulk request about a device. */
export interface DeviceItem {
	readonly deviceId: string;
	readonly item: JsonObject;
	readonly mode: BulkMode;
}

/** Applies an item to its device, by the rules of the single requests. */
export function applyToDevice({ deviceId, item, mode }: DeviceItem, registry: Registry): void {
	const { action, condition } = mode;
	if (action === "delete") registry.delete(deviceId, condition);
	else if (action === "updateTwin") writeTwin({ deviceId, item, mode }, registry);
	else if (action === "create" || (action === "createOrUpdate" && !registry.devices.has(deviceId))) {
		create(deviceId, item, registry);
	} else registry.put(deviceId, readIdentity(item), condition);
}

/** Creates a device. Its item may contain a twin, which is part of the create, not a write of its own. */
function create(deviceId: string, item: JsonObject, registry: Registry): void {
	const wish = readIdentity(item);
	const { tags, desired } = readTwin(item);
	const { device } = registry.put(deviceId, wish, { kind: "absent" });
	device.twin = createTwin(tags ?? undefined, desired ?? undefined);
}

function writeTwin({ deviceId, item, mode }: DeviceItem, registry: Registry): void {
	const { clock, switches } = registry.setting;
	const device = registry.require(deviceId);
	requireMatch(mode.condition, formatTwinEtag(device.twin.version - 1), switches.unquotedIfMatch);
	keepFormer(device, registry.setting);
	device.twin = replaceTwin(device.twin, readTwin(item), new Date(clock.now()).toISOString());
}
