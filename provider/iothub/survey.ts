import { forEach } from "../fleet/pool.ts";
import { UnreadableAnswer } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { segment } from "../http/segment.ts";
import type { Live } from "../lifecycle/kind.ts";
import { ConfigurationError } from "../settings/errors.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { LookupPlace } from "./deviceIdentity.lookup.ts";
import { isGone } from "./deviceIdentity.remote.ts";
import { wire2021 } from "./deviceIdentity.wire.ts";
import { refuseOther } from "./otherDevice.ts";
import { queryPages } from "./query.ts";

/** A device as its twin shows it: all but its keys, its generation and when anything happened to it. */
export type SurveyedDevice = Live<DeviceInputs>;

/** Which devices, and how to look. */
export interface SurveyOptions {
	/** In IoT Hub's query language. What it answers must hold `deviceId`. */
	readonly query: string;
	/** Whether each device's twin is read by itself, since lists lag behind and go on showing what is gone. */
	readonly exact: boolean;
}

/** How many twins are read at a time; more would only queue. */
const WIDTH = 16;

/**
 * The devices that a query answers, by id, page by page. A row that does not tell enough has its twin read.
 *
 * @throws ConfigurationError in a dialect without twins
 */
export async function surveyed(
	place: LookupPlace,
	{ query, exact }: SurveyOptions,
): Promise<Map<string, SurveyedDevice>> {
	const { client, codec, deadline } = place;
	const { apiVersion } = codec;
	if (!codec.hasTwins) {
		throw new ConfigurationError(
			"iothub:apiVersion",
			`is ${apiVersion}, which has no queries; set it to 2021-04-12`,
		);
	}
	const found = new Map<string, SurveyedDevice>();
	for await (const page of queryPages(client, { query, apiVersion, deadline })) {
		const unread: string[] = [];
		for (const row of page) {
			const id = idIn(row);
			const device = exact ? undefined : deviceIn(row);
			if (device === undefined) unread.push(id);
			else found.set(id, device);
		}
		for (const [id, device] of await twins(place, unread)) found.set(id, device);
	}
	return found;
}

function idIn(row: unknown): string {
	const { deviceId, moduleId } = members(row);
	const id = textOf(deviceId);
	if (id !== undefined && moduleId === undefined) return id;
	throw new UnreadableAnswer(
		'The query answers rows that are no devices; write it like "SELECT * FROM devices WHERE …"',
		200,
	);
}

async function twins(
	place: LookupPlace,
	ids: readonly string[],
): Promise<readonly (readonly [string, SurveyedDevice])[]> {
	const { done, failed } = await forEach(ids, WIDTH, (id) => twin(place, id));
	for (const error of failed.values()) throw error;
	return [...done].flatMap(([id, device]) => (device === undefined ? [] : [[id, device] as const]));
}

/** The device as its twin has it this moment; undefined for one that is gone. */
async function twin(
	{ client, codec: { apiVersion }, deadline }: LookupPlace,
	id: string,
): Promise<SurveyedDevice | undefined> {
	const what = `reading the twin of device "${id}"`;
	const call = { what, method: "GET", access: "twinRead", path: `/twins/${segment(id)}` } as const;
	try {
		const { json } = await client.call({ ...call, apiVersion, deadline });
		const device = deviceIn(json);
		if (device === undefined) throw new UnreadableAnswer(`${what} failed: the answer is no twin`, 200);
		refuseOther(device.values.deviceId, { what, deviceId: id });
		return device;
	} catch (error) {
		if (isGone(error)) return undefined;
		throw error;
	}
}

/** The device in a twin; undefined where it does not tell all that a declaration says. */
function deviceIn(row: unknown): SurveyedDevice | undefined {
	const twin = members(row);
	const { deviceId, deviceEtag: etag, status, statusReason, capabilities, deviceScope, parentScopes } = twin;
	const { authenticationType: type, x509Thumbprint } = twin;
	if (type === undefined || status === undefined || capabilities === undefined) return undefined;
	const told = { deviceId, etag, status, statusReason, capabilities, deviceScope, parentScopes };
	const authentication = { type, x509Thumbprint };
	const live = wire2021.decode({ ...told, authentication, generationId: "" }, undefined);
	if (live === undefined) return undefined;
	const { deviceScope: scope, parentScopes: parents } = live.facts;
	return {
		etag: live.etag,
		incarnation: "",
		values: live.values,
		facts: {
			...(scope === undefined ? {} : { deviceScope: scope }),
			...(parents === undefined ? {} : { parentScopes: parents }),
		},
	};
}
