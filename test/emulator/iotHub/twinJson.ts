import type { JsonObject } from "../json.ts";
import { formatIdentityEtag, formatTwinEtag } from "./etag.ts";
import type { DeviceRecord, ModuleRecord } from "./identity.ts";
import { connectionState } from "./identityJson.ts";
import { formatStamp } from "./stamps.ts";
import type { Switches } from "./switches.ts";
import type { PropertyBag } from "./twin.ts";

/**
 * The twin of a device, or of one of its modules, with the mirror of the identity that it carries: `deviceEtag` is the
 * identity's etag at once, and the status time is named `statusUpdateTime` here. Keys and generation id never show.
 */
export function twinJson(device: DeviceRecord, wire: Switches["wire"], module?: ModuleRecord): JsonObject {
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
		connectionState: connectionState(identity),
		lastActivityTime: formatStamp(identity.lastActivity, "update", wire),
		cloudToDeviceMessageCount: identity.cloudToDeviceMessageCount,
		authenticationType: authentication.type,
		x509Thumbprint: thumbprints(authentication, wire),
		version: twin.version,
		...(twin.tags && { tags: twin.tags }),
		properties: { desired: bagJson(twin.desired), reported: bagJson(twin.reported) },
		...(!module && { configurations: {}, capabilities: { iotEdge: device.iotEdge }, ...scopes(device) }),
	};
}

function thumbprints(
	{ primaryThumbprint, secondaryThumbprint }: DeviceRecord["authentication"],
	wire: Switches["wire"],
): JsonObject {
	if (wire === "2020") return { primaryThumbprint, secondaryThumbprint };
	return { PrimaryThumbprint: primaryThumbprint, SecondaryThumbprint: secondaryThumbprint };
}

function scopes({ deviceScope, parentScopes }: DeviceRecord): JsonObject {
	return deviceScope === undefined ? {} : { deviceScope, parentScopes };
}

function bagJson({ values, metadata, version }: PropertyBag): JsonObject {
	return { ...values, $metadata: metadata, $version: version };
}
