import type { JsonObject } from "../json.ts";
import { readKeys } from "./authenticationBody.ts";
import { readObjectField, readTextField } from "./bodyFields.ts";
import { formatIdentityEtag } from "./condition.ts";
import { HubError } from "./hubError.ts";
import type { DeviceRecord } from "./identity.ts";
import { type IdentityWish, readStatus } from "./identityBody.ts";
import { formatStamp, getConnectionState, readVisibleKeys } from "./identityJson.ts";
import type { Switches } from "./switches.ts";

/** The api-version whose device body names keys `auth.symKey.primary` and `auth.symKey.secondary`. */
export const PREVIEW_2015 = "2015-08-15-preview";

/** Reads a device body of IoT Hub REST 2015-08-15-preview; it has no hierarchy, so that of the device stays unchanged. */
export function readPreview2015(body: JsonObject): IdentityWish {
	const keys = readObjectField(readObjectField(body, "auth") ?? {}, "symKey") ?? {};
	return {
		...readStatus(body),
		authentication: readKeys(readTextField(keys, "primary"), readTextField(keys, "secondary")),
		placement: "keep",
	};
}

/** Writes a device body of IoT Hub REST 2015-08-15-preview. */
export function writePreview2015(device: DeviceRecord, withheldKeys: Switches["withheldKeys"]): object {
	const formatTime = (ticks: bigint | undefined) => formatStamp(ticks, "update", "2020");
	const [primary, secondary] = readVisibleKeys(device.authentication, withheldKeys);
	return {
		deviceId: device.deviceId,
		generationId: device.generationId,
		etag: formatIdentityEtag(device.counter),
		...(withheldKeys === "absent" ? {} : { auth: { symKey: { primary, secondary } } }),
		status: device.status,
		statusReason: device.statusReason,
		statusUpdateTime: formatTime(device.statusUpdated),
		connectionState: getConnectionState(device).toLowerCase(),
		connectionStateUpdatedTime: formatTime(device.connectionStateUpdated),
		lastActivityTime: formatTime(device.lastActivity),
	};
}

/** The api-versions of the live service: those that official clients send, and the 2015 preview with its own device body. */
export const API_VERSIONS: readonly string[] = [
	PREVIEW_2015,
	"2018-06-30",
	"2019-10-01",
	"2020-03-13",
	"2020-05-31-preview",
	"2020-09-30",
	"2021-04-12",
	"2024-03-31",
];

/** Rejects a request with a missing or unknown api-version. */
export function requireApiVersion(version: string | undefined): string {
	const known = API_VERSIONS.find((candidate) => candidate === version?.toLowerCase());
	if (known === undefined) {
		const said = version === undefined ? "no api-version" : `'${version}'`;
		throw new HubError("InvalidProtocolVersion", `Protocol version is not supported: ${said}`);
	}
	return known;
}
