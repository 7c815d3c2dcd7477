import { convertTicksToMilliseconds } from "../clock.ts";
import { formatIdentityEtag } from "./condition.ts";
import type { Authentication, DeviceRecord, IdentityRecord, ModuleRecord } from "./identity.ts";
import type { Switches } from "./switches.ts";

/** How an identity is written. */
export interface Writing {
	readonly occasion: Occasion;
	readonly wire: Switches["wire"];
	readonly withheldKeys: Switches["withheldKeys"];
	/** Whether the request had parentScopes; the response to an update repeats them only then. */
	readonly parentScopesSent?: boolean;
}

/** Returns a device as in the registry's responses, its members in the recorded order. */
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
		authentication: createAuthenticationJson(device.authentication, writing),
		capabilities: { iotEdge: device.iotEdge },
		...createScopesJson(device, writing),
	};
}

/** Returns a module as in the registry's responses. */
export function createModuleJson(module: ModuleRecord, writing: Writing): object {
	const { occasion, wire } = writing;
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
		authentication: createAuthenticationJson(module.authentication, writing),
	};
}

/** Returns the connection state of an identity. */
export function getConnectionState({ connected }: IdentityRecord): "Connected" | "Disconnected" {
	return connected ? "Connected" : "Disconnected";
}

function createAuthenticationJson(
	authentication: Authentication,
	{ withheldKeys }: Pick<Writing, "withheldKeys">,
): object {
	const { type, primaryThumbprint, secondaryThumbprint } = authentication;
	const [primaryKey, secondaryKey] = readVisibleKeys(authentication, withheldKeys);
	return {
		...(withheldKeys === "absent" ? {} : { symmetricKey: { primaryKey, secondaryKey } }),
		x509Thumbprint: { primaryThumbprint, secondaryThumbprint },
		type,
	};
}

/** Returns the keys of a credential as a response shows them. */
export function readVisibleKeys(
	{ primaryKey, secondaryKey }: Pick<Authentication, "primaryKey" | "secondaryKey">,
	withheldKeys: Switches["withheldKeys"],
): readonly [string | null, string | null] {
	if (withheldKeys === "none") return [primaryKey, secondaryKey];
	return withheldKeys === "empty" && primaryKey !== null ? ["", ""] : [null, null];
}

/** Returns both scopes if there is one; for a leaf without parent only an empty list, after a create or if it was sent. */
function createScopesJson(
	{ deviceScope, parentScopes }: DeviceRecord,
	{ occasion, parentScopesSent }: Writing,
): object {
	if (deviceScope !== undefined) return { deviceScope, parentScopes };
	return occasion === "create" || (occasion === "update" && parentScopesSent) ? { parentScopes: [] } : {};
}

/** The reason for writing an identity: some members differ in the responses to create, update and read. */
export type Occasion = "create" | "update" | "read";

/** Formats a time as the hub does; undefined is "never", the first moment of year 1. */
export function formatStamp(ticks: bigint | undefined, occasion: Occasion, wire: Switches["wire"]): string {
	if (ticks === undefined) return `0001-01-01T00:00:00${getTimeSuffix(occasion, wire)}`;
	const seconds = new Date(convertTicksToMilliseconds(ticks)).toISOString().slice(0, 19);
	const fraction = (ticks % 10_000_000n).toString().padStart(7, "0");
	const shown = wire === "2026" && occasion === "read" ? fraction : fraction.replace(/0+$/, "");
	return `${seconds}${shown ? `.${shown}` : ""}Z`;
}

/** Returns the end of a time: recorded create responses lack the `Z`; today's GET responses have seven zeros. */
function getTimeSuffix(occasion: Occasion, wire: Switches["wire"]): string {
	if (wire === "2020") return occasion === "create" ? "" : "Z";
	return occasion === "read" ? ".0000000Z" : "Z";
}
