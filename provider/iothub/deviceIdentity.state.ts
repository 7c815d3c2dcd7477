import { formatHostName, normalizeHubName } from "../hubName.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { asObject, asString, type Values } from "../values.ts";
import { type DeviceInputs, isEdge } from "./deviceIdentity.inputs.ts";
import type { DeviceHostNameType } from "./settings.ts";
import { hasWithheldKeys } from "./withheldKeys.ts";

/** Returns the outputs of a live device. */
export function toDeviceOutputs(
	live: LiveObject<DeviceInputs>,
	{
		hubHostName,
		deviceHostName,
		last,
	}: {
		readonly hubHostName: string;
		/** The kind of host name in the connection strings; undefined if state contains no credentials. */
		readonly deviceHostName: DeviceHostNameType | undefined;
		readonly last: Values;
	},
): Values {
	const { deviceId, status, statusReason, authentication, capabilities } = live.values;
	const { generationId, deviceScope, parentScopes, statusUpdatedTime } = live.computed;
	const { symmetricKey, ...withoutKeys } = authentication ?? {};
	return {
		deviceId,
		hubHostName,
		status,
		statusReason,
		authentication: withoutKeys,
		capabilities,
		deviceScope,
		parentScopes,
		etag: live.etag,
		generationId,
		statusUpdatedTime,
		...(deviceHostName === undefined
			? {}
			: hasWithheldKeys(live)
				? keepUnreadKeys(live, last, formatHostName(hubHostName, deviceHostName))
				: toCredentialOutputs(live, hubHostName, deviceHostName)),
	};
}

/**
 * Returns the credentials in state if the device's keys could not be read and its etag proves that they are the same.
 *
 * @param hostName the host name for the connection strings
 */
function keepUnreadKeys(live: LiveObject<DeviceInputs>, last: Values, hostName: string): Values {
	if (last["etag"] !== live.etag) return {};
	const { primaryKey, secondaryKey, primaryConnectionString, secondaryConnectionString } = last;
	const withHostName = (connectionString: unknown): string | undefined =>
		asString(connectionString)?.replace(/^HostName=[^;]*/, `HostName=${hostName}`);
	return {
		primaryKey,
		secondaryKey,
		primaryConnectionString: withHostName(primaryConnectionString),
		secondaryConnectionString: withHostName(secondaryConnectionString),
	};
}

/**
 * Whether the connection strings in state have a host name of another kind than the settings request. Releases that did not know the
 * kinds wrote the configured host name as it was; their state is not updated for that alone.
 */
export function hasOtherHostNameType(outputs: Values, requested: DeviceHostNameType): boolean {
	const hubHostName = asString(outputs["hubHostName"]) ?? "";
	const connectionString = asString(outputs["primaryConnectionString"]);
	if (connectionString === undefined) return false;
	const hubName = normalizeHubName(hubHostName);
	const isCurrent = connectionString.startsWith(`HostName=${formatHostName(hubName, requested)};`);
	return !isCurrent && (requested === "device" || hubHostName === hubName);
}

/**
 * Returns the keys and connection strings of a live device; none if its keys cannot be read. All of them are secrets.
 *
 * @param hubName the name that identifies the hub
 */
export function toCredentialOutputs(
	{ values }: LiveObject<DeviceInputs>,
	hubName: string,
	hostNameType: DeviceHostNameType = "classic",
): Values {
	if (hasWithheldKeys({ values })) return {};
	const keys = values.authentication?.symmetricKey;
	const device = `HostName=${formatHostName(hubName, hostNameType)};DeviceId=${values.deviceId}`;
	if (keys === undefined) return { primaryConnectionString: `${device};x509=true` };
	return {
		primaryKey: keys.primaryKey,
		secondaryKey: keys.secondaryKey,
		primaryConnectionString: `${device};SharedAccessKey=${keys.primaryKey}`,
		secondaryConnectionString: `${device};SharedAccessKey=${keys.secondaryKey}`,
	};
}

/** Omits the scopes that no input can set. */
export function omitComputedScopes(outputs: Values): Values {
	if (outputs["capabilities"] === undefined) return outputs;
	const { deviceScope: _, parentScopes: __, ...rest } = outputs;
	return { ...rest, ...pickSettableScope(outputs) };
}

/**
 * Returns the scope of the device's parent, under the name of the input that sets it. A gateway's `deviceScope` is its own, and the
 * `parentScopes` of any other device repeat its `deviceScope`.
 */
function pickSettableScope(outputs: Values): Values {
	const name = isEdge(outputs) ? "parentScopes" : "deviceScope";
	return outputs[name] === undefined ? {} : { [name]: outputs[name] };
}

/**
 * Restores a device from the outputs in state.
 *
 * @returns undefined if the outputs are not enough for a write. Without its keys, a device with `sas` would get new ones. A
 * device deployed with api-version 2015-08-15-preview would lose its capabilities and scopes, which that api-version omits
 */
export function restoreDevice(outputs: Values): LiveObject<DeviceInputs> | undefined {
	const { deviceId, status, statusReason, capabilities, generationId } = outputs;
	const { primaryKey, secondaryKey, etag, deviceScope, parentScopes } = outputs;
	const authentication = asObject(outputs["authentication"]);
	const keys =
		asString(primaryKey) && asString(secondaryKey) ? { symmetricKey: { primaryKey, secondaryKey } } : {};
	if (capabilities === undefined) return undefined;
	if (authentication["type"] === "sas" && Object.keys(keys).length === 0) return undefined;
	const values = {
		deviceId,
		status,
		...(statusReason === undefined ? {} : { statusReason }),
		authentication: { ...authentication, ...keys },
		capabilities,
		...pickSettableScope(outputs),
	};
	return {
		etag: String(etag),
		uid: String(generationId),
		values: values as Partial<DeviceInputs>,
		computed: { generationId, deviceScope, parentScopes, statusUpdatedTime: outputs["statusUpdatedTime"] },
	};
}
