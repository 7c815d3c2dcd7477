import { convertTicksToMilliseconds } from "../clock.ts";
import { formatIdentityEtag } from "./condition.ts";
import type { Authentication, DeviceRecord, IdentityRecord, ModuleRecord } from "./identity.ts";
import type { Switches } from "./switches.ts";

/** How an identity is to be written. */
export interface Writing {
	readonly occasion: Occasion;
	readonly wire: Switches["wire"];
	/** Whether the request carried parentScopes; an update answer repeats them only then. */
	readonly parentScopesSent?: boolean;
}

/** A device as the registry answers it, its members in the recorded order. */
export function createDeviceJson(device: DeviceRecord, writing: Writing): object {
	const at = (ticks: bigint | undefined) => formatStamp(ticks, writing.occasion, writing.wire);
	return {
		deviceId: device.deviceId,
		generationId: device.generationId,
		etag: formatIdentityEtag(device.counter),
		connectionState: getConnectionState(device),
		status: device.status,
		statusReason: device.statusReason,
		connectionStateUpdatedTime: at(device.connectionStateUpdated),
		statusUpdatedTime: at(device.statusUpdated),
		lastActivityTime: at(device.lastActivity),
		cloudToDeviceMessageCount: device.cloudToDeviceMessageCount,
		authentication: createAuthenticationJson(device.authentication),
		capabilities: { iotEdge: device.iotEdge },
		...createScopesJson(device, writing),
	};
}

/** A module as the registry answers it. */
export function createModuleJson(module: ModuleRecord, { occasion, wire }: Writing): object {
	return {
		moduleId: module.moduleId,
		managedBy: module.managedBy,
		deviceId: module.deviceId,
		generationId: module.generationId,
		etag: formatIdentityEtag(module.counter),
		connectionState: getConnectionState(module),
		connectionStateUpdatedTime: formatStamp(module.connectionStateUpdated, occasion, wire),
		lastActivityTime: formatStamp(module.lastActivity, occasion, wire),
		cloudToDeviceMessageCount: module.cloudToDeviceMessageCount,
		authentication: createAuthenticationJson(module.authentication),
	};
}

/** The word for the hub's view of a connection. */
export function getConnectionState({ connected }: IdentityRecord): "Connected" | "Disconnected" {
	return connected ? "Connected" : "Disconnected";
}

function createAuthenticationJson(authentication: Authentication): object {
	const { type, primaryKey, secondaryKey, primaryThumbprint, secondaryThumbprint } = authentication;
	return {
		symmetricKey: { primaryKey, secondaryKey },
		x509Thumbprint: { primaryThumbprint, secondaryThumbprint },
		type,
	};
}

/** Both scopes where there is one; of a leaf without parent only an empty list, after a create or when it was sent. */
function createScopesJson(
	{ deviceScope, parentScopes }: DeviceRecord,
	{ occasion, parentScopesSent }: Writing,
): object {
	if (deviceScope !== undefined) return { deviceScope, parentScopes };
	return occasion === "create" || (occasion === "update" && parentScopesSent) ? { parentScopes: [] } : {};
}

/** Why an identity is written out: some members look different in the answers to create, update and read. */
export type Occasion = "create" | "update" | "read";

/** A moment as the hub writes it; undefined is "never", the first moment of year 1. */
export function formatStamp(ticks: bigint | undefined, occasion: Occasion, wire: Switches["wire"]): string {
	if (ticks === undefined) return `0001-01-01T00:00:00${getTimeSuffix(occasion, wire)}`;
	const seconds = new Date(convertTicksToMilliseconds(ticks)).toISOString().slice(0, 19);
	const fraction = (ticks % 10_000_000n).toString().padStart(7, "0");
	const shown = wire === "2026" && occasion === "read" ? fraction : fraction.replace(/0+$/, "");
	return `${seconds}${shown ? `.${shown}` : ""}Z`;
}

/** The recorded create answers lack the `Z`; today's GET answers carry seven zeros. */
function getTimeSuffix(occasion: Occasion, wire: Switches["wire"]): string {
	if (wire === "2020") return occasion === "create" ? "" : "Z";
	return occasion === "read" ? ".0000000Z" : "Z";
}
