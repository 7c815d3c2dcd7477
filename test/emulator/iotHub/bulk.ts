import { getMember, type JsonObject } from "../json.ts";
import { readTextField } from "./bodyFields.ts";
import { applyToDevice } from "./bulkDevice.ts";
import { readBulkMode } from "./bulkMode.ts";
import { applyToModule } from "./bulkModule.ts";
import { createArgumentError, ERROR_NUMBERS, HubError } from "./hubError.ts";
import { requireId } from "./identityBody.ts";
import type { Registry } from "./registry.ts";

/** The maximum number of items of one request. */
const MOST_ITEMS = 100;

/** The result of a bulk request, its members in the recorded order. */
export interface BulkResult {
	readonly isSuccessful: boolean;
	readonly errors: readonly BulkError[];
	readonly warnings: readonly never[];
}

/** The error of one item. */
interface BulkError {
	readonly deviceId: string;
	readonly errorCode: string | number;
	readonly errorStatus: string;
	readonly moduleId?: string;
}

/**
 * Applies the items of a bulk request one by one (IoT Hub REST 2021-04-12, "Bulk Registry - Update Registry"). A
 * failing item does not undo the others.
 */
export function applyBulk(items: readonly JsonObject[], registry: Registry): BulkResult {
	requireDistinct(items);
	const errors = items.map((item) => applyItem(item, registry)).filter((error) => error !== undefined);
	return { isSuccessful: errors.length === 0, errors, warnings: [] };
}

function requireDistinct(items: readonly JsonObject[]): void {
	if (items.length === 0) throw createArgumentError("The list of devices is empty");
	if (items.length > MOST_ITEMS)
		throw new HubError("TooManyDevices", `At most ${MOST_ITEMS} devices are allowed`);
	const names = items.map((item) => JSON.stringify([readId(item), readTextField(item, "moduleId") ?? null]));
	const twice = names.find((name, at) => names.indexOf(name) !== at);
	if (twice === undefined) return;
	throw new HubError("DeviceDefinedMultipleTimes", `A device is defined more than once: ${twice}`);
}

function applyItem(item: JsonObject, registry: Registry): BulkError | undefined {
	const deviceId = readId(item);
	const moduleId = readTextField(item, "moduleId") || undefined;
	try {
		requireId(deviceId, "id");
		const mode = readBulkMode(item, registry.setting.switches);
		if (moduleId === undefined) applyToDevice({ deviceId, item, mode }, registry);
		else applyToModule({ device: registry.require(deviceId), moduleId, item, mode }, registry);
		return undefined;
	} catch (error) {
		if (!(error instanceof HubError)) throw error;
		const { bulkErrorCodes } = registry.setting.switches;
		const errorCode = bulkErrorCodes === "names" ? error.code : ERROR_NUMBERS[error.code];
		return { deviceId, errorCode, errorStatus: error.message, ...(moduleId !== undefined && { moduleId }) };
	}
}

/** Returns the device id of an item, whose member is `id` here, not `deviceId`. */
function readId(item: JsonObject): string {
	const id = getMember(item, "id");
	if (typeof id !== "string" || id === "") throw createArgumentError("Every item must have an id");
	return id;
}
