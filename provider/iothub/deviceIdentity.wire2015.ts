import { ConfigurationError } from "../settings/reader.ts";
import { asObject, asString } from "../values.ts";
import type { DeviceAuthentication } from "./deviceIdentity.inputs.ts";
import { type DeviceBody, type DeviceCodec, parseSharedFields } from "./deviceIdentity.wire.ts";
import { normalizeTimestamp } from "./timestamps.ts";
import { READ_KEYS_REMEDY } from "./withheldKeys.ts";

/**
 * The codec of api-version 2015-08-15-preview ("Update an existing device identity", 2015). The keys are
 * `auth.symKey.primary` and `.secondary`, and the time of the status is `statusUpdateTime`. It has no certificates,
 * gateways or parents, so `check` rejects them.
 */
export const wire2015: DeviceCodec = {
	apiVersion: "2015-08-15-preview",
	hasTwins: false,
	encodeCreate: encodeDevice2015,
	encodeUpdates: (desired) => [{ body: encodeDevice2015(requireKeys(desired)), resultingInputs: desired }],
	decode(json, serviceTimeMs) {
		const shared = parseSharedFields(json, serviceTimeMs);
		if (shared === undefined) return undefined;
		const { body, deviceId, generationId, live } = shared;
		const statusReason = asString(body["statusReason"]);
		return {
			...live,
			values: {
				deviceId,
				status: body["status"] === "disabled" ? "disabled" : "enabled",
				...(statusReason ? { statusReason } : {}),
				authentication: decodeAuthentication2015(body["auth"]),
			},
			computed: {
				generationId,
				statusUpdatedTime: normalizeTimestamp(body["statusUpdateTime"]),
				connectionState: normalizeConnectionState(asString(body["connectionState"])),
				connectionStateUpdatedTime: normalizeTimestamp(body["connectionStateUpdatedTime"]),
				lastActivityTime: normalizeTimestamp(body["lastActivityTime"]),
			},
		};
	},
};

function encodeDevice2015({ deviceId, status, statusReason, authentication }: DeviceBody): object {
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

/** Throws for a device whose keys are not known, because the hub would replace its credentials with new keys. */
function requireKeys(desired: DeviceBody): DeviceBody {
	if (desired.authentication?.symmetricKey !== undefined) return desired;
	throw new ConfigurationError(
		"iothub:apiVersion",
		`is 2015-08-15-preview, in which device "${desired.deviceId}" has no keys: it has a certificate, which this api-version does ` +
			"not support, or the credential is not allowed to read keys. Writing the device would give it new keys, so nothing was " +
			`written. Set iothub:apiVersion to 2021-04-12. If the device has keys: ${READ_KEYS_REMEDY}`,
	);
}

function decodeAuthentication2015(json: unknown): DeviceAuthentication {
	const { primary, secondary } = asObject(asObject(json)["symKey"]);
	const [primaryKey, secondaryKey] = [asString(primary), asString(secondary)];
	// The hub reads two empty keys as a request for new ones.
	if (!primaryKey || !secondaryKey) return { type: "sas" };
	return { type: "sas", symmetricKey: { primaryKey, secondaryKey } };
}

/** Returns the state as later api-versions write it: "Connected", not "connected". */
function normalizeConnectionState(state: string | undefined): string | undefined {
	return state && state.charAt(0).toUpperCase() + state.slice(1);
}
