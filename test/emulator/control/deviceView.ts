import { formatIdentityEtag, formatTwinEtag } from "../iotHub/condition.ts";
import type { AuthenticationType, DeviceRecord } from "../iotHub/identity.ts";
import { formatStamp, getConnectionState } from "../iotHub/identityJson.ts";
import type { JsonObject } from "../json.ts";

/** The authentication of a device body; all members are optional, as in requests. */
export interface AuthenticationSeed {
	readonly type?: AuthenticationType;
	readonly symmetricKey?: { readonly primaryKey?: string; readonly secondaryKey?: string };
	readonly x509Thumbprint?: { readonly primaryThumbprint?: string; readonly secondaryThumbprint?: string };
}

/** A change of a device behind a client's back; omitted members stay as they are. */
export interface DeviceChange {
	readonly status?: "enabled" | "disabled";
	/** null or "" clears it. */
	readonly statusReason?: string | null;
	readonly authentication?: AuthenticationSeed;
	readonly capabilities?: { readonly iotEdge?: boolean };
	readonly deviceScope?: string;
	readonly parentScopes?: readonly string[];
}

/** A device to register: a PUT body and, optionally, its twin and connection. */
export interface DeviceSeed extends DeviceChange, TwinPatch {
	readonly deviceId: string;
	/** Default false. */
	readonly connected?: boolean;
}

/** Twin members to merge; null removes a leaf. */
export interface TwinPatch {
	readonly tags?: JsonObject | null;
	readonly properties?: { readonly desired?: JsonObject | null; readonly reported?: JsonObject };
}

/** All data that the hub has of a device. */
export interface DeviceView {
	readonly deviceId: string;
	readonly generationId: string;
	readonly etag: string;
	readonly status: "enabled" | "disabled";
	readonly statusReason: string | null;
	readonly connectionState: "Connected" | "Disconnected";
	readonly connectionStateUpdatedTime: string;
	readonly statusUpdatedTime: string;
	readonly lastActivityTime: string;
	readonly cloudToDeviceMessageCount: number;
	readonly authentication: {
		readonly type: AuthenticationType;
		readonly symmetricKey: { readonly primaryKey: string | null; readonly secondaryKey: string | null };
		readonly x509Thumbprint: {
			readonly primaryThumbprint: string | null;
			readonly secondaryThumbprint: string | null;
		};
	};
	readonly capabilities: { readonly iotEdge: boolean };
	readonly deviceScope: string | undefined;
	readonly parentScopes: readonly string[];
	readonly modules: readonly string[];
	readonly twin: {
		readonly etag: string;
		readonly version: number;
		readonly tags: JsonObject;
		readonly desired: JsonObject;
		readonly reported: JsonObject;
	};
}

/** Returns the full view of a device. */
export function toDeviceView(device: DeviceRecord): DeviceView {
	const { type, primaryKey, secondaryKey, primaryThumbprint, secondaryThumbprint } = device.authentication;
	const formatTime = (ticks: bigint | undefined) => formatStamp(ticks, "update", "2020");
	return {
		deviceId: device.deviceId,
		generationId: device.generationId,
		etag: formatIdentityEtag(device.counter),
		status: device.status,
		statusReason: device.statusReason,
		connectionState: getConnectionState(device),
		connectionStateUpdatedTime: formatTime(device.connectionStateUpdated),
		statusUpdatedTime: formatTime(device.statusUpdated),
		lastActivityTime: formatTime(device.lastActivity),
		cloudToDeviceMessageCount: device.cloudToDeviceMessageCount,
		authentication: {
			type,
			symmetricKey: { primaryKey, secondaryKey },
			x509Thumbprint: { primaryThumbprint, secondaryThumbprint },
		},
		capabilities: { iotEdge: device.iotEdge },
		deviceScope: device.deviceScope,
		parentScopes: device.parentScopes,
		modules: [...device.modules.keys()],
		twin: toTwinView(device),
	};
}

function toTwinView({ twin }: DeviceRecord): DeviceView["twin"] {
	const { version, tags = {}, desired, reported } = twin;
	return {
		etag: formatTwinEtag(version - 1),
		version,
		tags,
		desired: desired.values,
		reported: reported.values,
	};
}
