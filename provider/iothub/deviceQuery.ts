import { mapConcurrently } from "../fleet/concurrency.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { asObject, asString } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { wire2021 } from "./deviceIdentity.wire.ts";
import { isDeviceNotFound, requireSameDevice } from "./errors.ts";
import type { HubOperationContext } from "./operationContext.ts";
import { queryPages, requireQueries } from "./paging.ts";
import { readTwin } from "./twinEtag.ts";

/** A device as its twin describes it: without keys, generation id and times. */
export type QueriedDevice = LiveObject<DeviceInputs>;

/** Which devices to find, and how to read them. */
export interface DeviceQueryOptions {
	/** In IoT Hub's query language. The rows must contain `deviceId`. */
	readonly query: string;
	/** Whether to read the twin of each device, because lists lag behind and contain deleted devices for a while. */
	readonly exact: boolean;
}

/** How many twins are read at a time; more would only wait in a queue. */
const MAX_CONCURRENT_TWIN_READS = 16;

/**
 * Finds the devices that a query returns, by id. Reads the twin of each device whose row is not complete.
 *
 * @throws ConfigurationError for an api-version without queries
 */
export async function findDevices(
	context: HubOperationContext,
	{ query, exact }: DeviceQueryOptions,
): Promise<Map<string, QueriedDevice>> {
	requireQueries(context.codec);
	const found = new Map<string, QueriedDevice>();
	for await (const page of queryPages(context, query)) {
		const unread: string[] = [];
		for (const row of page) {
			const id = requireRowDeviceId(row);
			const device = exact ? undefined : parseTwin(row);
			if (device === undefined) unread.push(id);
			else found.set(id, device);
		}
		for (const [id, device] of await findDevicesByTwin(context, unread)) found.set(id, device);
	}
	return found;
}

function requireRowDeviceId(row: unknown): string {
	const { deviceId, moduleId } = asObject(row);
	const id = asString(deviceId);
	if (id && moduleId === undefined) return id;
	throw new UnreadableAnswer(
		'The query returns rows that are not devices; write it like "SELECT * FROM devices WHERE …"',
		200,
	);
}

async function findDevicesByTwin(
	context: HubOperationContext,
	ids: readonly string[],
): Promise<readonly (readonly [string, QueriedDevice])[]> {
	const { done, failed } = await mapConcurrently(ids, MAX_CONCURRENT_TWIN_READS, (id) =>
		findDeviceByTwin(context, id),
	);
	for (const error of failed.values()) throw error;
	return [...done].flatMap(([id, device]) => (device === undefined ? [] : [[id, device] as const]));
}

/** Reads a device from its twin; undefined if the device no longer exists. */
async function findDeviceByTwin(
	context: HubOperationContext,
	deviceId: string,
): Promise<QueriedDevice | undefined> {
	try {
		const { json, operationName } = await readTwin(context, deviceId);
		const device = parseTwin(json);
		if (device === undefined)
			throw new UnreadableAnswer(`${operationName} failed: the response is not a twin`, 200);
		requireSameDevice(device.values.deviceId, { operationName, deviceId });
		return device;
	} catch (error) {
		if (isDeviceNotFound(error)) return undefined;
		throw error;
	}
}

/** Reads a device from a twin; undefined if the twin lacks a member that a declaration can have. */
function parseTwin(row: unknown): QueriedDevice | undefined {
	const twin = asObject(row);
	const { deviceId, deviceEtag: etag, status, statusReason, capabilities, deviceScope, parentScopes } = twin;
	const { authenticationType: type, x509Thumbprint } = twin;
	if (type === undefined || status === undefined || capabilities === undefined) return undefined;
	const body = { deviceId, etag, status, statusReason, capabilities, deviceScope, parentScopes };
	const authentication = { type, x509Thumbprint };
	const live = wire2021.decode({ ...body, authentication, generationId: "" }, undefined);
	if (live === undefined) return undefined;
	const { deviceScope: scope, parentScopes: parents } = live.computed;
	return {
		etag: live.etag,
		values: live.values,
		computed: {
			...(scope === undefined ? {} : { deviceScope: scope }),
			...(parents === undefined ? {} : { parentScopes: parents }),
		},
	};
}
