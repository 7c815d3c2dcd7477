import { createHmac } from "node:crypto";

/** Base64 with its padding (RFC 4648 §4). */
const BASE64_PATTERN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Returns what is wrong with a symmetric key of a device or a group (16 to 64 bytes in base64); undefined if valid. It never
 * repeats the key.
 */
export function findSymmetricKeyProblem(key: string): string | undefined {
	if (!BASE64_PATTERN.test(key)) return "is not valid base64";
	const { length: byteLength } = Buffer.from(key, "base64");
	return byteLength < 16 || byteLength > 64
		? `holds ${byteLength} bytes; a key must have 16 to 64`
		: undefined;
}

/**
 * Returns the key of a device in a symmetric enrollment group of the Device Provisioning Service, for programs that provision
 * devices. It is the HMAC-SHA256 of the id with the group's key, the same as `az iot dps enrollment-group compute-device-key`
 * ("Symmetric key attestation", Microsoft Learn). The id is case-sensitive.
 *
 * If `derivedFrom` is a single key, the secondary key of a device is derived from its id followed by `/secondary`. No other device
 * has this id, since an id cannot contain a slash.
 *
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { deriveDeviceKey } from "pulumi-device-identity";
 *
 * const groupKey = new pulumi.Config().requireSecret("groupKey");
 * export const primaryKey = groupKey.apply((key) => deriveDeviceKey(key, "sensor-1"));
 * export const secondaryKey = groupKey.apply((key) => deriveDeviceKey(key, "sensor-1/secondary"));
 * ```
 *
 * @param groupKey the group's primary or secondary key, 16 to 64 bytes in base64
 * @param deviceId the device's id, equal to its registration id
 * @returns 32 bytes in base64
 * @throws TypeError if the group's key is not 16 to 64 bytes in base64, without repeating it
 * @group Keys
 */
export function deriveDeviceKey(groupKey: string, deviceId: string): string {
	const problem = findSymmetricKeyProblem(groupKey);
	if (problem !== undefined) throw new TypeError(`The group's key ${problem}.`);
	return createHmac("sha256", Buffer.from(groupKey, "base64")).update(deviceId, "utf8").digest("base64");
}
