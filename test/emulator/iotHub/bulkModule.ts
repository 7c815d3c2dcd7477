import type { JsonObject } from "../json.ts";
import type { BulkMode } from "./bulkMode.ts";
import { formatTwinEtag, requireMatch } from "./condition.ts";
import type { DeviceRecord } from "./identity.ts";
import { deleteModule, putModule, requireModule } from "./modules.ts";
import type { Registry } from "./registry.ts";
import { createTwin, replaceTwin } from "./twin.ts";
import { readTwin } from "./twinJson.ts";

/** An item of a bulk request about a module. */
export interface ModuleItem {
	readonly device: DeviceRecord;
	readonly moduleId: string;
	readonly item: JsonObject;
	readonly mode: BulkMode;
}

/** Applies an item to its module, by the rules of the single requests. */
export function applyToModule(task: ModuleItem, { setting }: Registry): void {
	const { device, moduleId, mode } = task;
	if (mode.action === "delete") deleteModule(device, moduleId, mode.condition, setting);
	else if (mode.action === "updateTwin") writeTwin(task, setting);
	else put(task, setting);
}

function put({ device, moduleId, item, mode }: ModuleItem, setting: Registry["setting"]): void {
	const creates =
		mode.action === "create" || (mode.action === "createOrUpdate" && !device.modules.has(moduleId));
	const { tags, desired } = readTwin(item);
	const condition = creates ? ({ kind: "absent" } as const) : mode.condition;
	const module = putModule(device, { moduleId, body: item, condition }, setting);
	if (creates) module.twin = createTwin(tags ?? undefined, desired ?? undefined);
}

function writeTwin(
	{ device, moduleId, item, mode }: ModuleItem,
	{ clock, switches }: Registry["setting"],
): void {
	const module = requireModule(device, moduleId);
	requireMatch(mode.condition, formatTwinEtag(module.twin.version - 1), switches.unquotedIfMatch);
	module.twin = replaceTwin(module.twin, readTwin(item), new Date(clock.now()).toISOString());
}
