import { asObject, asString } from "../http/json.ts";
import type { LiveObject } from "../lifecycle/kind.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { ApiVersion } from "./settings.ts";
import { computeAgeMs } from "./times.ts";

/** One PUT of an existing device. */
export interface DeviceWrite {
	readonly body: object;
	/** The device as it is afterwards. */
	readonly resultingInputs: DeviceInputs;
}

/** One dialect of the service: how a device is written down in its bodies. */
export interface DeviceCodec {
	readonly apiVersion: ApiVersion;
	/** Whether the dialect's service has device twins, by which drift can be probed. */
	readonly hasTwins: boolean;
	/** The body that creates a device. */
	encodeCreate(desired: DeviceInputs): object;
	/** The writes that make the device as desired, to be sent in this order: one, seldom two. */
	encodeUpdates(desired: DeviceInputs, base: LiveObject<DeviceInputs>): readonly DeviceWrite[];
	/**
	 * Reads a device out of an answer.
	 *
	 * @param serviceTimeMs the service's clock at that moment in milliseconds since 1970, where it told
	 * @returns undefined where the JSON value is no device
	 */
	decode(json: unknown, serviceTimeMs: number | undefined): LiveObject<DeviceInputs> | undefined;
}

/** What every dialect says of a device in the same words. */
export interface SharedDeviceFields {
	readonly deviceId: string;
	readonly generationId: string;
	/** All members of the body. */
	readonly body: Readonly<Record<string, unknown>>;
	/** The part of a live object that these make. */
	readonly live: Pick<LiveObject<DeviceInputs>, "etag" | "uid" | "ageMs">;
}

/** Reads what all dialects share; undefined where the JSON value is no device. */
export function parseSharedFields(json: unknown, serviceTimeMs: number | undefined): SharedDeviceFields | undefined {
	const body = asObject(json);
	const deviceId = asString(body["deviceId"]);
	const etag = asString(body["etag"]);
	const generationId = asString(body["generationId"]);
	if (deviceId === undefined || etag === undefined || generationId === undefined) return undefined;
	const ageMs = computeAgeMs(generationId, serviceTimeMs);
	const live = {
		// The reference calls it weak (RFC 7232); what the service was seen to send is the bare text.
		etag: etag.replace(/^(?:W\/)?"|"$/g, ""),
		uid: generationId,
		...(ageMs === undefined ? {} : { ageMs }),
	};
	return { deviceId, generationId, body, live };
}
