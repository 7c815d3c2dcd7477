import { ResourceOperationError } from "../resource/errors.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import type { DeviceAuthentication, DeviceInputs } from "./deviceIdentity.inputs.ts";

/** The remedy for a credential that cannot read keys ("Control access to IoT Hub", Microsoft Learn). */
export const READ_KEYS_REMEDY =
	"Use a shared access policy with the permissions RegistryRead and RegistryWrite (which `registryReadWrite` has), or with Microsoft " +
	"Entra the role IoT Hub Registry Contributor, and run the command again.";

/**
 * Whether the hub returned a device with symmetric keys without them. Every such device has both keys, so the credential is not allowed
 * to read them. With api-version 2015-08-15-preview, a device with a certificate looks the same.
 */
export function hasWithheldKeys({ values }: Pick<LiveObject<DeviceInputs>, "values">): boolean {
	const { type, symmetricKey }: Partial<DeviceAuthentication> = values.authentication ?? {};
	return type === "sas" && symmetricKey === undefined;
}

/**
 * Throws for a device whose keys could not be read, unless `desired` declares the keys or another type of authentication: a PUT replaces
 * the whole device, and for a body without keys the hub generates new ones.
 */
export function requireKeysToWrite(
	{ deviceId, authentication }: { deviceId: string; authentication?: Partial<DeviceAuthentication> },
	base: Pick<LiveObject<DeviceInputs>, "values">,
): void {
	const { type = "sas", symmetricKey } = authentication ?? {};
	if (hasWithheldKeys(base) && type === "sas" && symmetricKey === undefined)
		throw createKeysWithheldError(deviceId);
}

/** Creates the error for an operation that needs the keys of a device. */
export function createKeysWithheldError(
	deviceId: string,
	consequence = "A write without them would make the hub generate new keys and lock the device out, so nothing was written.",
): ResourceOperationError {
	return new ResourceOperationError(
		"KeysWithheld",
		`The hub returned device "${deviceId}" without its symmetric keys, so the credential is not allowed to read them. ${consequence}`,
		undefined,
		READ_KEYS_REMEDY,
	);
}

/** Returns the device with the keys that were sent to the hub, which stores them byte for byte, if the response omits them. */
export function restoreSentKeys<Live extends LiveObject<DeviceInputs>>(
	live: Live,
	sent: { authentication?: Partial<DeviceAuthentication> },
): Live {
	const { symmetricKey } = sent.authentication ?? {};
	if (symmetricKey === undefined || !hasWithheldKeys(live)) return live;
	return { ...live, values: { ...live.values, authentication: { type: "sas", symmetricKey } } };
}
