import * as pulumi from "@pulumi/pulumi";
import { findSuggestion } from "../text/suggestions.ts";
import { invokeFunction } from "./invoke.ts";

/** Which device to look up. */
export interface GetDeviceIdentityArgs {
	/** The device's id. */
	deviceId: string;
	/** The host name of its hub. Default: the configured one. */
	hubHostName?: string;
}

/** {@link GetDeviceIdentityArgs} where the values may be outputs of other resources. */
export interface GetDeviceIdentityOutputArgs {
	/** The device's id. */
	deviceId: pulumi.Input<string>;
	/** The host name of its hub. Default: the configured one. */
	hubHostName?: pulumi.Input<string>;
}

/** A device as it is now, with the facts that change all day and are therefore no outputs of `DeviceIdentity`. */
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
	/** Whether the hub has a connection to the device; meant for development, not for health checks. */
	connectionState?: "Connected" | "Disconnected";
	/** When `connectionState` last changed (ISO 8601, UTC). */
	connectionStateUpdatedTime?: string;
	/** When the device last connected, sent or received (ISO 8601, UTC). */
	lastActivityTime?: string;
	/** Messages queued for the device. */
	cloudToDeviceMessageCount?: number;
}

/** The credentials of a device as they are now. */
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

/** Which devices to list. */
export interface ListDeviceIdentitiesArgs {
	/** The host name of the hub. Default: the configured one. */
	hubHostName?: string;
	/** Only devices with this status. */
	status?: "enabled" | "disabled";
	/** Only gateways (true), or only other devices (false). */
	iotEdge?: boolean;
}

/** A device as the hub's query index lists it, seconds or minutes behind the registry. */
export interface ListedDevice {
	deviceId: string;
	status: "enabled" | "disabled";
	statusReason?: string;
	/** How the device proves itself. */
	authenticationType: "sas" | "selfSigned" | "certificateAuthority";
	capabilities?: { iotEdge: boolean };
	deviceScope?: string;
	parentScopes?: string[];
	/** The etag of the device's identity, as the `etag` output of `DeviceIdentity` has it. */
	deviceEtag: string;
	connectionState?: "Connected" | "Disconnected";
}

/** A query over devices. */
export interface QueryDevicesArgs {
	/** In IoT Hub's query language: `SELECT deviceId FROM devices WHERE tags.site = 'north'`. */
	query: string;
	/** The host name of the hub. Default: the configured one. */
	hubHostName?: string;
}

/**
 * Looks up a device, during previews too. Needs RegistryRead, or the role IoT Hub Data Reader.
 *
 * ```ts
 * import { getDeviceIdentity } from "pulumi-device-identity";
 *
 * export const lastSeen = getDeviceIdentity({ deviceId: "gw-1" }).then((device) => device.lastActivityTime);
 * ```
 *
 * @throws where there is no such device
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
 * Looks up the credentials of a device: what a stack needs that does not store them. The answer is a secret as a whole.
 *
 * ```ts
 * import { DeviceIdentity, getDeviceCredentials } from "pulumi-device-identity";
 *
 * const sensor = new DeviceIdentity("sensor-1", { storeCredentials: false });
 * export const connection = getDeviceCredentials({ deviceId: sensor.id }).primaryConnectionString;
 * ```
 */
export function getDeviceCredentials(
	args: GetDeviceIdentityOutputArgs,
): pulumi.Output<GetDeviceCredentialsResult> {
	const response = pulumi.output(args).apply((known) => invokeFunction("getDeviceCredentials", known));
	return pulumi.secret(response.apply((answer) => answer as GetDeviceCredentialsResult));
}

/**
 * Lists the devices of a hub, all pages. Needs ServiceConnect, or the role IoT Hub Data Reader.
 *
 * ```ts
 * import { listDeviceIdentities } from "pulumi-device-identity";
 *
 * export const disabled = listDeviceIdentities({ status: "disabled" }).then((devices) =>
 * 	devices.map(({ deviceId }) => deviceId),
 * );
 * ```
 */
export async function listDeviceIdentities(args: ListDeviceIdentitiesArgs = {}): Promise<ListedDevice[]> {
	const { hubHostName, status, iotEdge } = args;
	if (iotEdge !== undefined && typeof iotEdge !== "boolean")
		throw new TypeError("iotEdge takes true or false");
	if (status !== undefined && status !== "enabled" && status !== "disabled") {
		const suggestion = findSuggestion(String(status), ["enabled", "disabled"]);
		const hint = suggestion === undefined ? "" : ` (did you mean "${suggestion}"?)`;
		throw new TypeError(`status is ${JSON.stringify(status)}; it takes "enabled" or "disabled"${hint}`);
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
 * Runs a query over the devices of a hub and brings all pages. Needs ServiceConnect, or the role IoT Hub Data Reader.
 *
 * ```ts
 * import { queryDevices } from "pulumi-device-identity";
 *
 * const query = "SELECT deviceId FROM devices WHERE tags.site = 'north'";
 * export const north = queryDevices({ query }).then((rows) => rows.length);
 * ```
 */
export async function queryDevices(args: QueryDevicesArgs): Promise<Record<string, unknown>[]> {
	return (await invokeFunction("queryDevices", args)) as Record<string, unknown>[];
}
