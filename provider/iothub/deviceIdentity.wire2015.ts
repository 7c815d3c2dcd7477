import { members, textOf } from "../http/json.ts";
import { ConfigurationError } from "../settings/errors.ts";
import { type DeviceCodec, frameOf } from "./deviceIdentity.codec.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { timeOf } from "./times.ts";

/**
 * The dialect of api-version 2015-08-15-preview ("Update an existing device identity", 2015): keys are
 * `auth.symKey.primary` and `.secondary`, the time of the status is `statusUpdateTime`, and there is no word for
 * certificates, gateways and parents, which `check` therefore refuses.
 */
export const wire2015: DeviceCodec = {
	apiVersion: "2015-08-15-preview",
	hasTwins: false,
	encodeNew: encode,
	encodeUpdates: (desired) => [{ body: encode(withKeys(desired)), leads: desired }],
	decode(json, now) {
		const frame = frameOf(json, now);
		if (frame === undefined) return undefined;
		const { device, deviceId, generationId, live } = frame;
		const statusReason = textOf(device["statusReason"]);
		return {
			...live,
			values: {
				deviceId,
				status: device["status"] === "disabled" ? "disabled" : "enabled",
				...(statusReason ? { statusReason } : {}),
				authentication: decodeAuth(device["auth"]),
			},
			facts: {
				generationId,
				statusUpdatedTime: timeOf(device["statusUpdateTime"]),
				connectionState: capitalized(textOf(device["connectionState"])),
				connectionStateUpdatedTime: timeOf(device["connectionStateUpdatedTime"]),
				lastActivityTime: timeOf(device["lastActivityTime"]),
			},
		};
	},
};

function encode({ deviceId, status, statusReason, authentication }: DeviceInputs): object {
	const keys = authentication?.symmetricKey;
	return {
		deviceId,
		...(keys === undefined
			? {}
			: { auth: { symKey: { primary: keys.primaryKey, secondary: keys.secondaryKey } } }),
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
	};
}

/** A body without keys makes the hub replace whatever the device proves itself with by new keys. */
function withKeys(desired: DeviceInputs): DeviceInputs {
	if (desired.authentication?.symmetricKey !== undefined) return desired;
	throw new ConfigurationError(
		"iothub:apiVersion",
		`is 2015-08-15-preview, which has no word for the certificate of device "${desired.deviceId}": writing the device ` +
			"would replace it by keys, so nothing was written. Set iothub:apiVersion to 2021-04-12.",
	);
}

function decodeAuth(json: unknown): Exclude<DeviceInputs["authentication"], undefined> {
	const { primary, secondary } = members(members(json)["symKey"]);
	if (typeof primary !== "string" || typeof secondary !== "string") return { type: "sas" };
	return { type: "sas", symmetricKey: { primaryKey: primary, secondaryKey: secondary } };
}

/** "connected" then, "Connected" since. */
function capitalized(word: string | undefined): string | undefined {
	return word && word.charAt(0).toUpperCase() + word.slice(1);
}
