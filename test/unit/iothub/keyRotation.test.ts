import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	detectKeyChange,
	formatCompletedRotation,
	generateKey,
	generateRotatedKey,
	getDeclaringStack,
	getKeyFingerprints,
	isKeyGeneratedFor,
	isKeyRotatedFor,
	parseCompletedRotation,
	refreshKeyFingerprints,
} from "../../../provider/iothub/keyRotation.ts";
import { KEY_FINGERPRINTS_OUTPUT } from "../../../provider/stateKeys.ts";
import { createKey, createLiveDevice, KEYS } from "./devices.ts";

const SWAPPED = { primaryKey: KEYS.secondaryKey, secondaryKey: KEYS.primaryKey };
const OTHER = { ...KEYS, secondaryKey: createKey(9) };
const createLiveWithKeys = (symmetricKey: typeof SWAPPED) =>
	createLiveDevice({ authentication: { type: "sas", symmetricKey } });
const [original, swapped, other] = [
	createLiveWithKeys(KEYS),
	createLiveWithKeys(SWAPPED),
	createLiveWithKeys(OTHER),
];

describe("a generated key", () => {
	test("has 32 bytes, is never the same, and proves its label", () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (rotation, another) => {
				fc.pre(rotation !== another);
				const key = generateKey(rotation);
				assert.equal(Buffer.from(key, "base64").length, 32);
				assert.notEqual(generateKey(rotation), key);
				assert.ok(isKeyGeneratedFor(rotation, key));
				assert.ok(!isKeyGeneratedFor(another, key));
			}),
		);
	});

	test("of an earlier release is recognized: its tag is the digest of its random bytes and the label", () => {
		// The bytes 0 to 23, and the first 8 of `openssl dgst -sha256` over them and "a rotation".
		const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXrE3Z+8Vcwo0=";
		assert.ok(isKeyGeneratedFor("a rotation", key));
		assert.ok(!isKeyGeneratedFor("another rotation", key));
	});

	test("is distinguished from other keys", () => {
		for (const key of [createKey(1), "", Buffer.alloc(40, 1).toString("base64")])
			assert.ok(!isKeyGeneratedFor("r", key));
	});
});

describe("a key of a rotation", () => {
	test("proves its rotation to any stack, and its stack", () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), fc.string(), (rotation, stack, another) => {
				fc.pre(stack !== another && rotation !== another);
				const key = generateRotatedKey(rotation, stack);
				assert.equal(Buffer.from(key, "base64").length, 32);
				assert.ok(isKeyRotatedFor(rotation, key) && isKeyRotatedFor(rotation, key, stack));
				assert.ok(!isKeyRotatedFor(rotation, key, another));
				assert.ok(!isKeyRotatedFor(another, key) && !isKeyRotatedFor(another, key, stack));
			}),
		);
	});

	test("does not prove who created a device, nor the reverse", () => {
		assert.ok(!isKeyGeneratedFor("label", generateRotatedKey("label", "a/b/c")));
		assert.ok(!isKeyRotatedFor("label", generateKey("label"), "a/b/c"));
	});

	test("is attributed to the stack of its resource or fleet", () => {
		const origin = "organization/plant/dev/DeviceIdentity/press/1";
		assert.equal(getDeclaringStack({ __origin: origin }), "organization/plant/dev");
		assert.equal(getDeclaringStack({ __maker: origin }), "organization/plant/dev");
		assert.equal(getDeclaringStack({}), "");
	});
});

test("a rotation is restored from state as it was", () => {
	const completed = { count: 4, keyType: "swap", generation: 12 } as const;
	assert.equal(formatCompletedRotation(completed), "4 swap 12");
	assert.deepEqual(parseCompletedRotation({ __rotation: formatCompletedRotation(completed) }), completed);
	assert.equal(parseCompletedRotation({}), undefined);
});

describe("the stored fingerprints", () => {
	const outputs = { etag: "before", [KEY_FINGERPRINTS_OUTPUT]: getKeyFingerprints(original) };

	test("distinguish a swap from another key", () => {
		assert.match(String(getKeyFingerprints(original)), /^[0-9a-f]{8} [0-9a-f]{8}$/);
		assert.deepEqual(
			[original, swapped, other].map((live) => detectKeyChange(outputs, live)),
			["none", "swapped", "other"],
		);
	});

	test("do not change while the keys are swapped, because nothing else proves the swap", () => {
		assert.equal(refreshKeyFingerprints(outputs, swapped), outputs[KEY_FINGERPRINTS_OUTPUT]);
		assert.equal(refreshKeyFingerprints(outputs, other), getKeyFingerprints(other));
	});

	test("are computed for state of an earlier release with the keys, or with the current etag", () => {
		const stored = { etag: "before", ...KEYS };
		assert.equal(detectKeyChange(stored, swapped), "swapped");
		assert.equal(refreshKeyFingerprints(stored, swapped), getKeyFingerprints(original));
		const unchanged = { etag: original.etag };
		assert.equal(detectKeyChange(unchanged, original), "none");
	});

	test("are unknown for state of an earlier release without keys after the device was written", () => {
		const without = { etag: "before" };
		assert.equal(detectKeyChange(without, original), "other");
		const refreshed = {
			etag: original.etag,
			[KEY_FINGERPRINTS_OUTPUT]: refreshKeyFingerprints(without, original),
		};
		assert.equal(detectKeyChange(refreshed, original), "other", "a refresh alone proves nothing");
		assert.equal(
			refreshKeyFingerprints(refreshed, original),
			getKeyFingerprints(original),
			"a second one accepts the keys as they are",
		);
	});
});
