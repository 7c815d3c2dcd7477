import { isOutcomeUnknown, ServiceError, UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment, parseHttpDate } from "../http/pipeline.ts";
import type { JsonResponse } from "../http/response.ts";
import { findLongWait, retryDelayAfter } from "../http/retryAfter.ts";
import { ObjectExists, PreconditionFailed, ResponseLost } from "../resource/errors.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import type { HubRequest } from "./client.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { DeviceCodec } from "./deviceIdentity.wire.ts";
import { isDeviceNotFound, requireSameDevice } from "./errors.ts";
import type { HubOperationContext } from "./operationContext.ts";

/** A device in a hub's registry. */
export type LiveDevice = LiveObject<DeviceInputs>;

/** How long to wait before a write whose response was lost is sent again, in milliseconds. */
const LOST_RESPONSE_RETRY_DELAY_MS = 1_000;

/** Reads a device; undefined if the hub reports that it does not exist. */
export async function findDevice(
	context: HubOperationContext,
	deviceId: string,
): Promise<LiveDevice | undefined> {
	const operationName = `reading device "${deviceId}"`;
	try {
		const response = await requestDevice(context, deviceId, operationName);
		return parseDevice(response, { codec: context.codec, operationName, deviceId });
	} catch (error) {
		if (isDeviceNotFound(error)) return undefined;
		throw error;
	}
}

/** Creates a device, or replaces it under the etag `ifMatch`. Throws the errors of resource/errors.ts. */
export async function putDevice(
	context: HubOperationContext,
	deviceId: string,
	request: Pick<HubRequest, "operationName" | "body" | "ifMatch">,
): Promise<LiveDevice> {
	const { operationName } = request;
	try {
		const response = await sendDeviceRequest(context, deviceId, {
			method: "PUT",
			permission: "registryWrite",
			...request,
		});
		return parseDevice(response, { codec: context.codec, operationName, deviceId });
	} catch (error) {
		throw classifyWriteError(error, context);
	}
}

/** Deletes a device under an etag. One that does not exist counts as deleted. Throws the errors of resource/errors.ts. */
export async function deleteDevice(
	context: HubOperationContext,
	deviceId: string,
	ifMatch: string,
): Promise<void> {
	const operationName = `deleting device "${deviceId}"`;
	const request = { operationName, method: "DELETE", permission: "registryWrite", ifMatch } as const;
	try {
		await sendDeviceRequest(context, deviceId, request);
	} catch (error) {
		if (!isDeviceNotFound(error)) throw classifyWriteError(error, context);
	}
}

/** Sends the request that reads a device. */
export function requestDevice(
	context: HubOperationContext,
	deviceId: string,
	operationName: string,
): Promise<JsonResponse> {
	return sendDeviceRequest(context, deviceId, { operationName, method: "GET", permission: "registryRead" });
}

function sendDeviceRequest(
	{ client, codec: { apiVersion }, deadline }: HubOperationContext,
	deviceId: string,
	request: Omit<HubRequest, "path" | "apiVersion" | "deadline">,
): Promise<JsonResponse> {
	return client.send({ path: formatDevicePath(deviceId), apiVersion, deadline, ...request });
}

/** Returns the path of a device. The id is percent-encoded, so that it is always one segment. */
export function formatDevicePath(deviceId: string): string {
	return `/devices/${encodePathSegment(deviceId)}`;
}

/**
 * Reads the device from a response.
 *
 * @param deviceId the device that was requested
 * @throws UnreadableAnswer for a response without a device, or with a different one: caches and proxies may confuse responses
 */
export function parseDevice(
	{ json, headers }: JsonResponse,
	{ codec, operationName, deviceId }: { codec: DeviceCodec; operationName: string; deviceId: string },
): LiveDevice {
	const live = codec.decode(json, parseHttpDate(headers["date"]));
	if (live === undefined)
		throw new UnreadableAnswer(`${operationName} failed: the response is not a device`, 200);
	requireSameDevice(live.values.deviceId, { operationName, deviceId });
	return live;
}

/** Translates the error of a write into one of resource/errors.ts. */
function classifyWriteError(error: unknown, { deadline }: HubOperationContext): unknown {
	if (!(error instanceof Error)) return error;
	if (isOutcomeUnknown(error)) {
		const refusal = findLongWait(error, deadline);
		return new ResponseLost(error, retryDelayAfter(error, LOST_RESPONSE_RETRY_DELAY_MS), { refusal });
	}
	if (!(error instanceof ServiceError)) return error;
	if (error.status === 409) return new ObjectExists(error.message, { cause: error });
	return error.status === 412 || isDeviceNotFound(error)
		? new PreconditionFailed(error.message, { cause: error })
		: error;
}
