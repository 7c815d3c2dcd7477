import { mapConcurrently } from "../fleet/concurrency.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { ConfigurationError } from "../settings/reader.ts";
import { asObject, asString } from "../values.ts";
import { isDeviceNotFound } from "./deviceIdentity.api.ts";
import type { HubReadContext } from "./deviceIdentity.functions.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { wire2021 } from "./deviceIdentity.wire.ts";
import { requireSameDevice } from "./errors.ts";
import { queryPages } from "./paging.ts";

/** A device as its twin shows it: all but its keys, its generation and when anything happened to it. */
export type QueriedDevice = LiveObject<DeviceInputs>;

/** Which devices, and how to look. */
export interface DeviceQueryOptions {
	/** In IoT Hub's query language. What it answers must hold `deviceId`. */
	readonly query: string;
	/** Whether each device's twin is read by itself, since lists lag behind and go on showing what is gone. */
	readonly exact: boolean;
}

/** How many twins are read at a time; more would only queue. */
const MAX_CONCURRENT_TWIN_READS = 16;

/**
 * The devices that a query answers, by id, page by page. A row that does not tell enough has its twin read.
 *
 * @throws ConfigurationError in a dialect without twins
 */
export async function findDevices(
	context: HubReadContext,
	{ query, exact }: DeviceQueryOptions,
): Promise<Map<string, QueriedDevice>> {
	const { client, codec, deadline } = context;
	const { apiVersion } = codec;
	if (!codec.hasTwins) {
		throw new ConfigurationError(
			"iothub:apiVersion",
			`is ${apiVersion}, which has no queries; set it to 2021-04-12`,
		);
	}
	const found = new Map<string, QueriedDevice>();
	for await (const page of queryPages(client, { query, apiVersion, deadline })) {
		const unread: string[] = [];
		for (const row of page) {
			const id = requireRowDeviceId(row);
			const device = exact ? undefined : parseTwin(row);
			if (device === undefined) unread.push(id);
			else found.set(id, device);
		}
		for (const [id, device] of await readTwins(context, unread)) found.set(id, device);
	}
	return found;
}

function requireRowDeviceId(row: unknown): string {
	const { deviceId, moduleId } = asObject(row);
	const id = asString(deviceId);
	if (id !== undefined && moduleId === undefined) return id;
	throw new UnreadableAnswer(
		'The query answers rows that are no devices; write it like "SELECT * FROM devices WHERE …"',
		200,
	);
}

async function readTwins(
	context: HubReadContext,
	ids: readonly string[],
): Promise<readonly (readonly [string, QueriedDevice])[]> {
	const { done, failed } = await mapConcurrently(ids, MAX_CONCURRENT_TWIN_READS, (id) =>
		readTwin(context, id),
	);
	for (const error of failed.values()) throw error;
	return [...done].flatMap(([id, device]) => (device === undefined ? [] : [[id, device] as const]));
}

/** The device as its twin has it this moment; undefined for one that is gone. */
async function readTwin(
	{ client, codec: { apiVersion }, deadline }: HubReadContext,
	id: string,
): Promise<QueriedDevice | undefined> {
	const operationName = `reading the twin of device "${id}"`;
	const request = {
		operationName,
		method: "GET",
		permission: "twinRead",
		path: `/twins/${encodePathSegment(id)}`,
	} as const;
	try {
		const { json } = await client.send({ ...request, apiVersion, deadline });
		const device = parseTwin(json);
		if (device === undefined)
			throw new UnreadableAnswer(`${operationName} failed: the answer is no twin`, 200);
		requireSameDevice(device.values.deviceId, { operationName, deviceId: id });
		return device;
	} catch (error) {
		if (isDeviceNotFound(error)) return undefined;
		throw error;
	}
}

/** The device in a twin; undefined where it does not tell all that a declaration says. */
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
