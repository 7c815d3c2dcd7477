import { members, textOf } from "../http/json.ts";
import type { Live } from "../lifecycle/kind.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { ApiVersion } from "./settings.ts";
import { ageOf } from "./times.ts";

/** One PUT of an existing device. */
export interface DeviceWrite {
	readonly body: object;
	/** The device as it is afterwards. */
	readonly leads: DeviceInputs;
}

/** One dialect of the service: how a device is written down in its bodies. */
export interface DeviceCodec {
	readonly apiVersion: ApiVersion;
	/** Whether the dialect's service has device twins, by which drift can be probed. */
	readonly hasTwins: boolean;
	/** The body that creates a device. */
	encodeNew(desired: DeviceInputs): object;
	/** The writes that make the device as desired, to be sent in this order: one, seldom two. */
	encodeUpdates(desired: DeviceInputs, base: Live<DeviceInputs>): readonly DeviceWrite[];
	/**
	 * Reads a device out of an answer.
	 *
	 * @param now the service's clock at that moment in milliseconds since 1970, where it told
	 * @returns undefined where the JSON value is no device
	 */
	decode(json: unknown, now: number | undefined): Live<DeviceInputs> | undefined;
}

/** What every dialect says of a device in the same words. */
export interface DeviceFrame {
	readonly deviceId: string;
	readonly generationId: string;
	/** All members of the body. */
	readonly device: Readonly<Record<string, unknown>>;
	/** The part of a live object that these make. */
	readonly live: Pick<Live<DeviceInputs>, "etag" | "incarnation" | "age">;
}

/** Reads what all dialects share; undefined where the JSON value is no device. */
export function frameOf(json: unknown, now: number | undefined): DeviceFrame | undefined {
	const device = members(json);
	const deviceId = textOf(device["deviceId"]);
	const etag = textOf(device["etag"]);
	const generationId = textOf(device["generationId"]);
	if (deviceId === undefined || etag === undefined || generationId === undefined) return undefined;
	const age = ageOf(generationId, now);
	const live = {
		// The reference calls it weak (RFC 7232); what the service was seen to send is the bare text.
		etag: etag.replace(/^(?:W\/)?"|"$/g, ""),
		incarnation: generationId,
		...(age === undefined ? {} : { age }),
	};
	return { deviceId, generationId, device, live };
}
