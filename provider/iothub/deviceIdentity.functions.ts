import { retryUntilFound } from "../resource/eventualConsistency.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { asObject, omitNullish } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { parseDevice, requestDevice } from "./deviceIdentity.requests.ts";
import { toCredentialOutputs } from "./deviceIdentity.state.ts";
import { isDeviceNotFound } from "./errors.ts";
import type { HubOperationContext } from "./operationContext.ts";
import { queryPages, requireQueries } from "./paging.ts";
import type { DeviceHostNameType } from "./settings.ts";
import { createKeysWithheldError, hasWithheldKeys } from "./withheldKeys.ts";

/** The result of a provider function: plain JSON. */
export type DeviceFunctionResult = Record<string, unknown>;

/** Returns one device, including the members that change too often to be outputs, but never its keys. */
export async function getDevice(
	context: HubOperationContext,
	deviceId: string,
): Promise<DeviceFunctionResult> {
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

/** Returns the credentials of one device. Every member of the result is a secret. Throws KeysWithheld if they cannot be read. */
export async function getCredentials(
	context: HubOperationContext,
	deviceId: string,
	hostNameType?: DeviceHostNameType,
): Promise<DeviceFunctionResult> {
	const device = await readDeviceWithRetry(context, deviceId);
	if (hasWithheldKeys(device)) throw createKeysWithheldError(deviceId, "There are no credentials to return.");
	const type = device.values.authentication?.type;
	return omitNullish({
		deviceId,
		type,
		...toCredentialOutputs(device, context.client.hub.hostName, hostNameType),
	});
}

/** Returns the rows of all pages of a query. */
export async function queryDeviceRows(
	context: HubOperationContext,
	query: string,
): Promise<DeviceFunctionResult[]> {
	requireQueries(context.codec);
	const rows: DeviceFunctionResult[] = [];
	for await (const page of queryPages(context, query)) {
		for (const row of page) rows.push(omitNullish(asObject(row)));
	}
	return rows;
}

/** Reads a device, and retries if it is not found: the same program may have just created it, and reads can lag by seconds. */
async function readDeviceWithRetry(
	context: HubOperationContext,
	deviceId: string,
): Promise<LiveObject<DeviceInputs>> {
	let notFoundError: unknown;
	const found = await retryUntilFound(context.clock, "expected", async () => {
		try {
			return await readDevice(context, deviceId);
		} catch (error) {
			if (!isDeviceNotFound(error)) throw error;
			error.message = `Device "${deviceId}" does not exist in hub ${context.client.hub.hostName}. ${error.message}`;
			notFoundError = error;
			return undefined;
		}
	});
	if (found === undefined) throw notFoundError;
	return found;
}

async function readDevice(context: HubOperationContext, deviceId: string): Promise<LiveObject<DeviceInputs>> {
	const operationName = `looking up device "${deviceId}"`;
	const response = await requestDevice(context, deviceId, operationName);
	return parseDevice(response, {
		codec: context.codec,
		operationName: `${operationName} in hub ${context.client.hub.hostName}`,
		deviceId,
	});
}
