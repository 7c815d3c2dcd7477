import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	detectKeyChange,
	formatCompletedRotation,
	generateKey,
	getKeyFingerprints,
	isKeyGeneratedFor,
	parseCompletedRotation,
	refreshKeyFingerprints,
} from "../../../provider/iothub/keyRotation.ts";
import { KEY_FINGERPRINTS_OUTPUT } from "../../../provider/stateKeys.ts";
import { createKey, createLiveDevice, KEYS } from "./devices.ts";

const SWAPPED = { primaryKey: KEYS.secondaryKey, secondaryKey: KEYS.primaryKey };
const OTHER = { ...KEYS, secondaryKey: createKey(9) };
const liveWith = (symmetricKey: typeof SWAPPED) =>
	createLiveDevice({ authentication: { type: "sas", symmetricKey } });
const [as, swapped, other] = [liveWith(KEYS), liveWith(SWAPPED), liveWith(OTHER)];

describe("a new key", () => {
	test("has 32 bytes, is never the same, and proves which rotation made it", () => {
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

	test("is none of the keys that others make", () => {
		for (const key of [createKey(1), "", Buffer.alloc(40, 1).toString("base64")])
			assert.ok(!isKeyGeneratedFor("r", key));
	});
});

test("a rotation is remembered as it was", () => {
	const carried = { count: 4, keyType: "swap", generation: 12 } as const;
	assert.deepEqual(parseCompletedRotation({ __rotation: formatCompletedRotation(carried) }), carried);
	assert.equal(parseCompletedRotation({}), undefined);
});

describe("which key was in which slot", () => {
	const outputs = { etag: "before", [KEY_FINGERPRINTS_OUTPUT]: getKeyFingerprints(as) };

	test("is remembered by fingerprints, by which an exchange is told from another key", () => {
		assert.match(String(getKeyFingerprints(as)), /^[0-9a-f]{8} [0-9a-f]{8}$/);
		assert.deepEqual(
			[as, swapped, other].map((live) => detectKeyChange(outputs, live)),
			["none", "exchanged", "other"],
		);
	});

	test("stays remembered while the keys are exchanged, for nothing else tells that they were", () => {
		assert.equal(refreshKeyFingerprints(outputs, swapped), outputs[KEY_FINGERPRINTS_OUTPUT]);
		assert.equal(refreshKeyFingerprints(outputs, other), getKeyFingerprints(other));
	});

	test("is known to state of an earlier release that keeps the keys, or an etag that nobody moved", () => {
		const stored = { etag: "before", ...KEYS };
		assert.equal(detectKeyChange(stored, swapped), "exchanged");
		assert.equal(refreshKeyFingerprints(stored, swapped), getKeyFingerprints(as));
		const untouched = { etag: as.etag };
		assert.equal(detectKeyChange(untouched, as), "none");
	});

	test("is not known to state of an earlier release without keys once somebody wrote the device", () => {
		const without = { etag: "before" };
		assert.equal(detectKeyChange(without, as), "other");
		const refreshed = { etag: as.etag, [KEY_FINGERPRINTS_OUTPUT]: refreshKeyFingerprints(without, as) };
		assert.equal(detectKeyChange(refreshed, as), "other", "a refresh alone proves nothing");
		assert.equal(
			refreshKeyFingerprints(refreshed, as),
			getKeyFingerprints(as),
			"a second one takes the keys as they are",
		);
	});
});
