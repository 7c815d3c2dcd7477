import type { Deadline } from "../http/deadline.ts";
import type { RuntimeContext } from "../resource/context.ts";
import { retryUntilFound } from "../resource/eventualConsistency.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { ConfigurationError } from "../settings/reader.ts";
import { asObject, omitNullish } from "../values.ts";
import type { HubClient } from "./client.ts";
import { formatDevicePath, isDeviceNotFound, parseDevice } from "./deviceIdentity.api.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { toCredentialOutputs } from "./deviceIdentity.type.ts";
import type { DeviceCodec } from "./deviceIdentity.wire.ts";
import { queryPages } from "./paging.ts";

/** Where and how a lookup asks. */
export interface HubReadContext {
	readonly client: HubClient;
	readonly codec: DeviceCodec;
	readonly deadline: Deadline;
	readonly runtime: Pick<RuntimeContext, "sleep">;
}

/** A lookup's answer: plain JSON, complete. */
export type DeviceFunctionResult = Record<string, unknown>;

/** One device as it is now, with the facts that change all day and therefore are no outputs; never its keys. */
export async function getDevice(context: HubReadContext, deviceId: string): Promise<DeviceFunctionResult> {
	const { values, computed, etag } = await readDeviceWithRetry(context, deviceId);
	const { symmetricKey: _, ...authentication } = values.authentication ?? {};
	return omitNullish({
		...values,
		authentication,
		...computed,
		etag,
		hubHostName: context.client.hub.hostName,
	});
}

/** The credentials of one device as they are now. Everything in the answer is a secret. */
export async function getCredentials(
	context: HubReadContext,
	deviceId: string,
): Promise<DeviceFunctionResult> {
	const device = await readDeviceWithRetry(context, deviceId);
	const type = device.values.authentication?.type;
	return omitNullish({ deviceId, type, ...toCredentialOutputs(device, context.client.hub.hostName) });
}

/** All rows of a query, all pages. */
export async function queryDeviceRows(
	{ client, codec, deadline }: HubReadContext,
	query: string,
): Promise<DeviceFunctionResult[]> {
	if (!codec.hasTwins) {
		throw new ConfigurationError(
			"iothub:apiVersion",
			`is ${codec.apiVersion}, which has no queries; set it to 2021-04-12`,
		);
	}
	const rows: DeviceFunctionResult[] = [];
	for await (const page of queryPages(client, { query, apiVersion: codec.apiVersion, deadline })) {
		for (const row of page) rows.push(omitNullish(asObject(row)));
	}
	return rows;
}

/** The program may have made the device this moment, and the registry may take seconds to show it. */
async function readDeviceWithRetry(
	context: HubReadContext,
	deviceId: string,
): Promise<LiveObject<DeviceInputs>> {
	let notFoundError: unknown;
	const found = await retryUntilFound(context.runtime, "expected", async () => {
		try {
			return await readDevice(context, deviceId);
		} catch (error) {
			if (!isDeviceNotFound(error)) throw error;
			error.message = `There is no device "${deviceId}" in hub ${context.client.hub.hostName}. ${error.message}`;
			notFoundError = error;
			return undefined;
		}
	});
	if (found === undefined) throw notFoundError;
	return found;
}

async function readDevice(
	{ client, codec, deadline }: HubReadContext,
	deviceId: string,
): Promise<LiveObject<DeviceInputs>> {
	const operationName = `looking up device "${deviceId}"`;
	const request = {
		operationName,
		method: "GET",
		permission: "registryRead",
		path: formatDevicePath(deviceId),
	} as const;
	const response = await client.send({ ...request, apiVersion: codec.apiVersion, deadline });
	return parseDevice(response, {
		codec,
		operationName: `${operationName} in hub ${client.hub.hostName}`,
		deviceId,
	});
}
