import { getMember, isObject, type JsonObject } from "../json.ts";
import { readObjectField } from "./bodyFields.ts";
import { formatIdentityEtag, formatTwinEtag } from "./condition.ts";
import { createArgumentError } from "./hubError.ts";
import type { DeviceRecord, ModuleRecord } from "./identity.ts";
import { formatStamp, getConnectionState } from "./identityJson.ts";
import type { Switches } from "./switches.ts";
import type { PropertyBag, TwinChange } from "./twin.ts";

/**
 * Returns the twin of a device, or of one of its modules, with its copy of the identity: `deviceEtag` is the identity's
 * current etag, and the status time is named `statusUpdateTime` here. It never has keys and the generation id.
 */
export function createTwinJson(
	device: DeviceRecord,
	wire: Switches["wire"],
	module?: ModuleRecord,
): JsonObject {
	const identity = module ?? device;
	const { twin, authentication } = identity;
	return {
		deviceId: device.deviceId,
		...(module && { moduleId: module.moduleId }),
		etag: formatTwinEtag(twin.version - 1),
		deviceEtag: formatIdentityEtag(identity.counter),
		status: device.status,
		...(device.statusReason !== null && { statusReason: device.statusReason }),
		statusUpdateTime: formatStamp(device.statusUpdated, "update", wire),
		connectionState: getConnectionState(identity),
		lastActivityTime: formatStamp(identity.lastActivity, "update", wire),
		cloudToDeviceMessageCount: identity.cloudToDeviceMessageCount,
		authenticationType: authentication.type,
		x509Thumbprint: createThumbprintsJson(authentication, wire),
		version: twin.version,
		...(twin.tags && { tags: twin.tags }),
		properties: { desired: createBagJson(twin.desired), reported: createBagJson(twin.reported) },
		...(!module && {
			configurations: {},
			capabilities: { iotEdge: device.iotEdge },
			...createScopesJson(device),
		}),
	};
}

function createThumbprintsJson(
	{ primaryThumbprint, secondaryThumbprint }: DeviceRecord["authentication"],
	wire: Switches["wire"],
): JsonObject {
	if (wire === "2020") return { primaryThumbprint, secondaryThumbprint };
	return { PrimaryThumbprint: primaryThumbprint, SecondaryThumbprint: secondaryThumbprint };
}

function createScopesJson({ deviceScope, parentScopes }: DeviceRecord): JsonObject {
	return deviceScope === undefined ? {} : { deviceScope, parentScopes };
}

function createBagJson({ values, metadata, version }: PropertyBag): JsonObject {
	return { ...values, $metadata: metadata, $version: version };
}

/** The maximum nesting of tags and desired properties. */
const DEEPEST = 10;

/** Reads tags and desired properties of a twin request, or of a bulk item; everything else in it is ignored. */
export function readTwin(body: JsonObject): TwinChange {
	const properties = readObjectField(body, "properties") ?? {};
	return { tags: readTree(body, "tags"), desired: readTree(properties, "desired") };
}

function readTree(holder: JsonObject, name: string): JsonObject | null | undefined {
	const value = getMember(holder, name);
	if (value === undefined || value === null) return value;
	if (!isObject(value)) throw createArgumentError(`${name} must be an object`);
	const entries = Object.entries(value).filter(([key]) => key !== "$metadata" && key !== "$version");
	requireKeys(Object.fromEntries(entries), name, 1);
	return value;
}

/** Requires keys without a dot, a dollar, a space or a control character (IoT Hub REST 2021-04-12, "Twin Properties"). */
function requireKeys(value: JsonObject, name: string, depth: number): void {
	if (depth > DEEPEST) throw createArgumentError(`${name} must not be nested deeper than ${DEEPEST} levels`);
	for (const [key, child] of Object.entries(value)) {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: the reference forbids control characters
		if (/[.$ \u0000-\u001f\u0080-\u009f]/.test(key))
			throw createArgumentError(`${name} has an invalid key: '${key}'`);
		if (isObject(child)) requireKeys(child, name, depth + 1);
	}
}
