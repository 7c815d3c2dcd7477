import { createHmac } from "node:crypto";

/** Base64 with its padding (RFC 4648 §4). */
const BASE64_PATTERN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong with a symmetric key, of a device or of a group: it has 16 to 64 bytes in base64. The key is never repeated. */
export function findSymmetricKeyProblem(key: string): string | undefined {
	if (!BASE64_PATTERN.test(key)) return "is no base64 text";
	const { length: byteLength } = Buffer.from(key, "base64");
	return byteLength < 16 || byteLength > 64 ? `holds ${byteLength} bytes; a key has 16 to 64` : undefined;
}

/**
 * The key of a device that belongs to a symmetric enrollment group of the Device Provisioning Service, for whoever
 * prepares the device: what `az iot dps enrollment-group compute-device-key` computes, the HMAC-SHA256 of the id under the
 * group's key ("Symmetric key attestation", Microsoft Learn). The id is taken as it is; case counts.
 *
 * Where a program gives `derivedFrom` a single key, a device's second key is that of its id followed by `/secondary`,
 * which is no other device's id, for an id has no slash.
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
 * @param deviceId the device's id, which is its registration id
 * @returns 32 bytes in base64
 * @throws TypeError where the group's key is none, without repeating it
 */
export function deriveDeviceKey(groupKey: string, deviceId: string): string {
	const problem = findSymmetricKeyProblem(groupKey);
	if (problem !== undefined) throw new TypeError(`The group's key ${problem}.`);
	return createHmac("sha256", Buffer.from(groupKey, "base64")).update(deviceId, "utf8").digest("base64");
}
