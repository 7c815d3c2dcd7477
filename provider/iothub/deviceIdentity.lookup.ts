import type { Deadline } from "../http/deadline.ts";
import { members } from "../http/json.ts";
import { insist } from "../lifecycle/insist.ts";
import type { Live, Surroundings } from "../lifecycle/kind.ts";
import { plain } from "../lifecycle/plain.ts";
import { ConfigurationError } from "../settings/errors.ts";
import type { Client } from "./client.ts";
import type { DeviceCodec } from "./deviceIdentity.codec.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { credentials } from "./deviceIdentity.kind.ts";
import { decoded, isGone, pathOf } from "./deviceIdentity.remote.ts";
import { queryPages } from "./query.ts";

/** Where and how a lookup asks. */
export interface LookupPlace {
	readonly client: Client;
	readonly codec: DeviceCodec;
	readonly deadline: Deadline;
	readonly around: Pick<Surroundings, "wait">;
}

/** A lookup's answer: plain JSON, complete. */
export type Found = Record<string, unknown>;

/** One device as it is now, with the facts that change all day and therefore are no outputs; never its keys. */
export async function lookUpDevice(place: LookupPlace, deviceId: string): Promise<Found> {
	const { values, facts, etag } = await live(place, deviceId);
	const { symmetricKey: _, ...authentication } = values.authentication ?? {};
	return plain({ ...values, authentication, ...facts, etag, hubHostName: place.client.hub.hostName });
}

/** The credentials of one device as they are now. Everything in the answer is a secret. */
export async function lookUpCredentials(place: LookupPlace, deviceId: string): Promise<Found> {
	const device = await live(place, deviceId);
	const type = device.values.authentication?.type;
	return plain({ deviceId, type, ...credentials(device, place.client.hub.hostName) });
}

/** All rows of a query, all pages. */
export async function lookUpRows({ client, codec, deadline }: LookupPlace, query: string): Promise<Found[]> {
	if (!codec.hasTwins) {
		throw new ConfigurationError(
			"iothub:apiVersion",
			`is ${codec.apiVersion}, which has no queries; set it to 2021-04-12`,
		);
	}
	const rows: Found[] = [];
	for await (const page of queryPages(client, { query, apiVersion: codec.apiVersion, deadline })) {
		for (const row of page) rows.push(plain(members(row)));
	}
	return rows;
}

/** The program may have made the device this moment, and the registry may take seconds to show it. */
async function live(place: LookupPlace, deviceId: string): Promise<Live<DeviceInputs>> {
	let missing: unknown;
	const found = await insist(place.around, "expected", async () => {
		try {
			return await seen(place, deviceId);
		} catch (error) {
			if (!isGone(error)) throw error;
			error.message = `There is no device "${deviceId}" in hub ${place.client.hub.hostName}. ${error.message}`;
			missing = error;
			return undefined;
		}
	});
	if (found === undefined) throw missing;
	return found;
}

async function seen({ client, codec, deadline }: LookupPlace, deviceId: string): Promise<Live<DeviceInputs>> {
	const what = `looking up device "${deviceId}"`;
	const call = { what, method: "GET", access: "registryRead", path: pathOf(deviceId) } as const;
	const answer = await client.call({ ...call, apiVersion: codec.apiVersion, deadline });
	return decoded(answer, { codec, what: `${what} in hub ${client.hub.hostName}`, deviceId });
}
