import type { JsonObject } from "../json.ts";
import { readKeys } from "./authenticationBody.ts";
import { readObjectField, readTextField } from "./bodyFields.ts";
import { formatIdentityEtag } from "./etag.ts";
import type { DeviceRecord } from "./identity.ts";
import { type IdentityWish, readStatus } from "./identityBody.ts";
import { connectionState } from "./identityJson.ts";
import { formatStamp } from "./stamps.ts";

/** The api-version whose device body names keys `auth.symKey.primary` and `auth.symKey.secondary`. */
export const PREVIEW_2015 = "2015-08-15-preview";

/** Reads a device body of IoT Hub REST 2015-08-15-preview; the hierarchy, which it cannot speak of, stays as it is. */
export function readPreview2015(body: JsonObject): IdentityWish {
	const keys = readObjectField(readObjectField(body, "auth") ?? {}, "symKey") ?? {};
	return {
		...readStatus(body),
		authentication: readKeys(readTextField(keys, "primary"), readTextField(keys, "secondary")),
		placement: "keep",
	};
}

/** Writes a device body of IoT Hub REST 2015-08-15-preview. */
export function writePreview2015(device: DeviceRecord): object {
	const at = (ticks: bigint | undefined) => formatStamp(ticks, "update", "2020");
	const { primaryKey, secondaryKey } = device.authentication;
	return {
		deviceId: device.deviceId,
		generationId: device.generationId,
		etag: formatIdentityEtag(device.counter),
		auth: { symKey: { primary: primaryKey, secondary: secondaryKey } },
		status: device.status,
		statusReason: device.statusReason,
		statusUpdateTime: at(device.statusUpdated),
		connectionState: connectionState(device).toLowerCase(),
		connectionStateUpdatedTime: at(device.connectionStateUpdated),
		lastActivityTime: at(device.lastActivity),
	};
}
