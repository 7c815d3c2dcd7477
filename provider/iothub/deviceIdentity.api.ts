import type { Deadline } from "../http/deadline.ts";
import { isOutcomeUnknown, ServiceError, UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment, parseHttpDate } from "../http/pipeline.ts";
import type { JsonResponse } from "../http/response.ts";
import { retryDelayAfter } from "../http/retry.ts";
import { ObjectExists, PartiallyApplied, PreconditionFailed, ResponseLost } from "../resource/errors.ts";
import type { LiveObject, ResourceApi, Target } from "../resource/resourceType.ts";
import type { HubClient, HubRequest } from "./client.ts";
import { addGeneratedKeys } from "./deviceIdentity.creationProof.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { DeviceCodec } from "./deviceIdentity.wire.ts";
import { requireSameDevice } from "./errors.ts";
import { readTwinEtag, type TwinAccess } from "./twinEtag.ts";

/** What a conversation about devices needs. */
export interface DeviceApiOptions {
	readonly codec: DeviceCodec;
	readonly deadline: Deadline;
	/** Whether to disable a device that is to be deleted. */
	readonly disableOnDelete: boolean;
	/** The client of the hub in which the object with these properties lives. */
	getClient(values: Target["values"]): HubClient;
	/** What is known of our access to the hub's twins. */
	readonly twinAccess: TwinAccess;
	/** The etag of a device in a list of the hub's devices; undefined where that is not worth reading, or has none. */
	readListedEtag(client: HubClient, deviceId: string): Promise<string | undefined>;
}

type LiveDevice = LiveObject<DeviceInputs>;

/** Milliseconds before a write is sent again whose answer was lost. */
const LOST_RESPONSE_RETRY_DELAY_MS = 1_000;

/** The identity registry of a hub as a lifecycle needs it. */
export function createDeviceApi({
	codec,
	deadline,
	disableOnDelete,
	getClient,
	twinAccess,
	readListedEtag,
}: DeviceApiOptions): ResourceApi<DeviceInputs> {
	const send = (
		target: Target,
		request: Pick<HubRequest, "operationName" | "method" | "permission"> & Partial<HubRequest>,
	): Promise<JsonResponse> =>
		getClient(target.values).send({
			path: formatDevicePath(target.id),
			apiVersion: codec.apiVersion,
			deadline,
			...request,
		});

	const get = async (target: Target): Promise<LiveDevice | undefined> => {
		const operationName = `reading device "${target.id}"`;
		try {
			const response = await send(target, { operationName, method: "GET", permission: "registryRead" });
			return parseDevice(response, { codec, operationName, deviceId: target.id });
		} catch (error) {
			if (isDeviceNotFound(error)) return undefined;
			throw error;
		}
	};

	const putDevice = async (
		target: Target,
		request: Pick<HubRequest, "operationName" | "body"> & Partial<HubRequest>,
	): Promise<LiveDevice> => {
		try {
			return parseDevice(await send(target, { method: "PUT", permission: "registryWrite", ...request }), {
				codec,
				operationName: request.operationName,
				deviceId: target.id,
			});
		} catch (error) {
			throw classifyWriteError(error);
		}
	};

	/** The device stays, as it is but disabled; one that is gone or disabled already is left. */
	const disableDevice = async (target: Target, etag: string): Promise<void> => {
		const live = await get(target);
		if (live === undefined || isDisabled(live)) return;
		if (live.etag !== etag) throw new PreconditionFailed(`device "${target.id}" has another etag`);
		const operationName = `disabling device "${target.id}"`;
		const desired = { deviceId: target.id, hubHostName: "", ...live.values, status: "disabled" } as const;
		for (const { body } of codec.encodeUpdates(desired, live))
			await putDevice(target, { operationName, body, ifMatch: etag });
	};

	const deleteDevice = async (target: Target, etag: string): Promise<void> => {
		const operationName = `deleting device "${target.id}"`;
		try {
			await send(target, { operationName, method: "DELETE", permission: "registryWrite", ifMatch: etag });
		} catch (error) {
			if (!isDeviceNotFound(error)) throw classifyWriteError(error);
		}
	};

	return {
		get,
		async getIfChanged(target, etag, consistency) {
			if (!codec.hasTwins || etag === "") return get(target);
			const client = getClient(target.values);
			const listedEtag = consistency === "eventual" ? await readListedEtag(client, target.id) : undefined;
			if (listedEtag !== undefined) return listedEtag === etag ? "unchanged" : get(target);
			const twinEtag = await readTwinEtag(client, {
				deviceId: target.id,
				apiVersion: codec.apiVersion,
				deadline,
				twinAccess,
			});
			return twinEtag === etag ? "unchanged" : get(target);
		},
		create(desired) {
			const target = { id: desired.deviceId, values: { hubHostName: desired.hubHostName } };
			const body = codec.encodeCreate(addGeneratedKeys(desired));
			return putDevice(target, { operationName: `creating device "${target.id}"`, body });
		},
		async update(desired, base) {
			const target = { id: desired.deviceId, values: { hubHostName: desired.hubHostName } };
			const operationName = `updating device "${target.id}"`;
			let live = base;
			for (const { body, resultingInputs } of codec.encodeUpdates(desired, base)) {
				live = await putDevice(target, { operationName, body, ifMatch: live.etag }).catch((error: Error) => {
					throw live === base
						? attachResultingInputs(resultingInputs, error)
						: new PartiallyApplied(error, live);
				});
			}
			return live;
		},
		delete: (target, etag) => (disableOnDelete ? disableDevice(target, etag) : deleteDevice(target, etag)),
		purge: deleteDevice,
		countsAsDeleted: (live) => disableOnDelete && isDisabled(live),
	};
}

function isDisabled({ values }: LiveDevice): boolean {
	return values.status === "disabled";
}

/** The path of a device; the id is one segment whatever characters it has. */
export function formatDevicePath(deviceId: string): string {
	return `/devices/${encodePathSegment(deviceId)}`;
}

/** Whether the service itself said that the device does not exist; a proxy's 404 proves nothing. */
export function isDeviceNotFound(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 404 && error.serviceCode === "DeviceNotFound";
}

/**
 * The device in an answer.
 *
 * @param deviceId the device that was asked for
 * @throws UnreadableAnswer for an answer without a device, and for one with another device: a cache or a proxy mixed them up
 */
export function parseDevice(
	{ json, headers }: JsonResponse,
	{ codec, operationName, deviceId }: { codec: DeviceCodec; operationName: string; deviceId: string },
): LiveDevice {
	const live = codec.decode(json, parseHttpDate(headers["date"]));
	if (live === undefined) throw new UnreadableAnswer(`${operationName} failed: the answer is no device`, 200);
	requireSameDevice(live.values.deviceId, { operationName, deviceId });
	return live;
}

/** A lost answer, with what the device looks like if the write was carried out. */
function attachResultingInputs(resultingInputs: DeviceInputs, error: Error): Error {
	if (!(error instanceof ResponseLost) || !(error.cause instanceof Error)) return error;
	return new ResponseLost(error.cause, error.pauseMs, { ...resultingInputs });
}

/** What the failure of a write means to a lifecycle. */
function classifyWriteError(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	if (isOutcomeUnknown(error))
		return new ResponseLost(error, retryDelayAfter(error, LOST_RESPONSE_RETRY_DELAY_MS));
	if (!(error instanceof ServiceError)) return error;
	if (error.status === 409) return new ObjectExists(error.message, { cause: error });
	return error.status === 412 || isDeviceNotFound(error)
		? new PreconditionFailed(error.message, { cause: error })
		: error;
}
