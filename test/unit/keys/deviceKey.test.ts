import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { deriveDeviceKey, findSymmetricKeyProblem } from "../../../provider/keys/deviceKey.ts";

/**
 * The example of "Provision devices using symmetric key enrollment groups" (Microsoft Learn, iot-dps/
 * how-to-legacy-device-symm-key), the same for `az iot dps enrollment-group compute-device-key`, PowerShell and openssl.
 */
const PUBLISHED = {
	groupKey: "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==",
	deviceId: "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6",
	deviceKey: "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=",
};

const groupKeys = fc.uint8Array({ minLength: 16, maxLength: 64 }).map(base64);

function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64");
}

describe("the key of a device in an enrollment group", () => {
	test("equals the example that Microsoft publishes", () => {
		assert.equal(deriveDeviceKey(PUBLISHED.groupKey, PUBLISHED.deviceId), PUBLISHED.deviceKey);
	});

	test("depends on the exact id, including case", () => {
		const { groupKey, deviceId } = PUBLISHED;
		assert.notEqual(deriveDeviceKey(groupKey, deviceId.toUpperCase()), PUBLISHED.deviceKey);
		assert.notEqual(deriveDeviceKey(groupKey, `${deviceId}/secondary`), PUBLISHED.deviceKey);
	});

	test("is a valid device key for every valid group key", () => {
		fc.assert(
			fc.property(groupKeys, fc.string(), (groupKey, id) => {
				const key = deriveDeviceKey(groupKey, id);
				assert.equal(findSymmetricKeyProblem(key), undefined);
				assert.equal(Buffer.from(key, "base64").length, 32);
			}),
		);
	});

	test("is not derived from an invalid group key, which the error does not repeat", () => {
		for (const [groupKey, fault] of [
			["bad key", "is not valid base64"],
			[base64(Buffer.alloc(15)), "holds 15 bytes; a key must have 16 to 64"],
			[base64(Buffer.alloc(65)), "holds 65 bytes; a key must have 16 to 64"],
			["", "holds 0 bytes; a key must have 16 to 64"],
		] as const) {
			const message = `The group's key ${fault}.`;
			assert.throws(() => deriveDeviceKey(groupKey, "d"), { name: "TypeError", message });
		}
	});
});
