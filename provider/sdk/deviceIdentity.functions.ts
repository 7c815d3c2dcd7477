import * as pulumi from "@pulumi/pulumi";
import { DEVICE_STATUSES } from "../keys/authentication.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { invokeFunction } from "./invoke.ts";

/** The device to read. */
export interface GetDeviceIdentityArgs {
	/** The device's id. */
	deviceId: string;
	/** The host name of its hub. Default: the configured hub. */
	hubHostName?: string;
}

/** {@link GetDeviceIdentityArgs} with values that may be outputs of other resources. */
export interface GetDeviceIdentityOutputArgs {
	/** The device's id. */
	deviceId: pulumi.Input<string>;
	/** The host name of its hub. Default: the configured hub. */
	hubHostName?: pulumi.Input<string>;
}

/** The current values of a device, including values that change by themselves and are therefore not outputs of `DeviceIdentity`. */
export interface GetDeviceIdentityResult {
	deviceId: string;
	hubHostName: string;
	status: "enabled" | "disabled";
	statusReason?: string;
	authentication: {
		type: "sas" | "selfSigned" | "certificateAuthority";
		x509Thumbprint?: { primaryThumbprint?: string; secondaryThumbprint?: string };
	};
	capabilities?: { iotEdge: boolean };
	deviceScope?: string;
	parentScopes?: string[];
	etag: string;
	generationId: string;
	/** When `status` last changed (ISO 8601, UTC). */
	statusUpdatedTime?: string;
	/** Whether the device is connected to the hub; intended for development, not for health checks. */
	connectionState?: "Connected" | "Disconnected";
	/** When `connectionState` last changed (ISO 8601, UTC). */
	connectionStateUpdatedTime?: string;
	/** When the device last connected, sent or received (ISO 8601, UTC). */
	lastActivityTime?: string;
	/** The number of messages queued for the device. */
	cloudToDeviceMessageCount?: number;
}

/** The current credentials of a device. */
export interface GetDeviceCredentialsResult {
	deviceId: string;
	type: "sas" | "selfSigned" | "certificateAuthority";
	/** Only with `sas`. */
	primaryKey?: string;
	/** Only with `sas`. */
	secondaryKey?: string;
	primaryConnectionString: string;
	/** Only with `sas`. */
	secondaryConnectionString?: string;
}

/** The devices to list. */
export interface ListDeviceIdentitiesArgs {
	/** The host name of the hub. Default: the configured one. */
	hubHostName?: string;
	/** Only devices with this status. */
	status?: "enabled" | "disabled";
	/** Only gateways (true), or only other devices (false). */
	iotEdge?: boolean;
}

/** A device in the hub's query index, which lags behind the registry by seconds or minutes. */
export interface ListedDevice {
	deviceId: string;
	status: "enabled" | "disabled";
	statusReason?: string;
	/** How the device authenticates. */
	authenticationType: "sas" | "selfSigned" | "certificateAuthority";
	capabilities?: { iotEdge: boolean };
	deviceScope?: string;
	parentScopes?: string[];
	/** The etag of the device's identity, the same as the `etag` output of `DeviceIdentity`. */
	deviceEtag: string;
	connectionState?: "Connected" | "Disconnected";
}

/** A query over devices. */
export interface QueryDevicesArgs {
	/** The query in IoT Hub's query language, for example `SELECT deviceId FROM devices WHERE tags.site = 'north'`. */
	query: string;
	/** The host name of the hub. Default: the configured one. */
	hubHostName?: string;
}

/**
 * Returns the current values of a device, also in a preview. Requires RegistryRead, or the role IoT Hub Data Reader.
 *
 * ```ts
 * import { getDeviceIdentity } from "pulumi-device-identity";
 *
 * export const lastSeen = getDeviceIdentity({ deviceId: "gw-1" }).then((device) => device.lastActivityTime);
 * ```
 *
 * @throws RunError if the device does not exist or the hub refuses the request
 * @group Lookups
 */
export async function getDeviceIdentity(args: GetDeviceIdentityArgs): Promise<GetDeviceIdentityResult> {
	return (await invokeFunction("getDeviceIdentity", args)) as GetDeviceIdentityResult;
}

/**
 * {@link getDeviceIdentity} for arguments that are outputs of other resources.
 *
 * ```ts
 * import { DeviceIdentity, getDeviceIdentityOutput } from "pulumi-device-identity";
 *
 * const pump = new DeviceIdentity("pump-1");
 * export const connection = getDeviceIdentityOutput({ deviceId: pump.id }).connectionState;
 * ```
 *
 * @group Lookups
 */
export function getDeviceIdentityOutput(
	args: GetDeviceIdentityOutputArgs,
): pulumi.Output<GetDeviceIdentityResult> {
	return pulumi
		.output(args)
		.apply(({ deviceId, hubHostName }) =>
			getDeviceIdentity({ deviceId, ...(hubHostName && { hubHostName }) }),
		);
}

/**
 * Returns the current credentials of a device, for stacks that do not store them. The whole result is a secret.
 *
 * ```ts
 * import { DeviceIdentity, getDeviceCredentials } from "pulumi-device-identity";
 *
 * const sensor = new DeviceIdentity("sensor-1", { storeCredentials: false });
 * export const connection = getDeviceCredentials({ deviceId: sensor.id }).primaryConnectionString;
 * ```
 *
 * @group Lookups
 */
export function getDeviceCredentials(
	args: GetDeviceIdentityOutputArgs,
): pulumi.Output<GetDeviceCredentialsResult> {
	const result = pulumi.output(args).apply((known) => invokeFunction("getDeviceCredentials", known));
	return pulumi.secret(result.apply((credentials) => credentials as GetDeviceCredentialsResult));
}

/**
 * Returns all devices of a hub. Requires ServiceConnect, or the role IoT Hub Data Reader.
 *
 * ```ts
 * import { listDeviceIdentities } from "pulumi-device-identity";
 *
 * export const disabled = listDeviceIdentities({ status: "disabled" }).then((devices) =>
 * 	devices.map(({ deviceId }) => deviceId),
 * );
 * ```
 *
 * @group Lookups
 */
export async function listDeviceIdentities(args: ListDeviceIdentitiesArgs = {}): Promise<ListedDevice[]> {
	const { hubHostName, status, iotEdge } = args;
	if (iotEdge !== undefined && typeof iotEdge !== "boolean")
		throw new TypeError("iotEdge must be true or false");
	if (status !== undefined && status !== "enabled" && status !== "disabled") {
		const suggestion = findSuggestion(String(status), DEVICE_STATUSES);
		const hint = suggestion === undefined ? "" : ` (did you mean "${suggestion}"?)`;
		throw new TypeError(`status must be "enabled" or "disabled", got ${JSON.stringify(status)}${hint}`);
	}
	const conditions = [
		...(status === undefined ? [] : [`status = '${status}'`]),
		...(iotEdge === undefined ? [] : [`capabilities.iotEdge = ${iotEdge}`]),
	];
	const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
	const rows = await queryDevices({
		query: `SELECT * FROM devices${where}`,
		...(hubHostName && { hubHostName }),
	});
	return rows as unknown as ListedDevice[];
}

/**
 * Returns all rows of a query over the devices of a hub. Requires ServiceConnect, or the role IoT Hub Data Reader.
 *
 * ```ts
 * import { queryDevices } from "pulumi-device-identity";
 *
 * const query = "SELECT deviceId FROM devices WHERE tags.site = 'north'";
 * export const north = queryDevices({ query }).then((rows) => rows.length);
 * ```
 *
 * @group Lookups
 */
export async function queryDevices(args: QueryDevicesArgs): Promise<Record<string, unknown>[]> {
	return (await invokeFunction("queryDevices", args)) as Record<string, unknown>[];
}
