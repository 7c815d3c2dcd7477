import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	exchangeOf,
	keysKept,
	keysOf,
	KEYS as MEMORY,
} from "../../../provider/iothub/deviceIdentity.keyMemory.ts";
import { carriedIn, carriedText, isKeyOf, newKey } from "../../../provider/iothub/rotation.ts";
import { KEYS, keyOf, liveOf } from "./devices.ts";

const SWAPPED = { primaryKey: KEYS.secondaryKey, secondaryKey: KEYS.primaryKey };
const OTHER = { ...KEYS, secondaryKey: keyOf(9) };
const liveWith = (symmetricKey: typeof SWAPPED) => liveOf({ authentication: { type: "sas", symmetricKey } });
const [as, swapped, other] = [liveWith(KEYS), liveWith(SWAPPED), liveWith(OTHER)];

describe("a new key", () => {
	test("has 32 bytes, is never the same, and proves which rotation made it", () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (rotation, another) => {
				fc.pre(rotation !== another);
				const key = newKey(rotation);
				assert.equal(Buffer.from(key, "base64").length, 32);
				assert.notEqual(newKey(rotation), key);
				assert.ok(isKeyOf(rotation, key));
				assert.ok(!isKeyOf(another, key));
			}),
		);
	});

	test("is none of the keys that others make", () => {
		for (const key of [keyOf(1), "", Buffer.alloc(40, 1).toString("base64")]) assert.ok(!isKeyOf("r", key));
	});
});

test("a rotation is remembered as it was", () => {
	const carried = { count: 4, keyType: "swap", generation: 12 } as const;
	assert.deepEqual(carriedIn({ __rotation: carriedText(carried) }), carried);
	assert.equal(carriedIn({}), undefined);
});

describe("which key was in which slot", () => {
	const outputs = { etag: "before", [MEMORY]: keysOf(as) };

	test("is remembered by fingerprints, by which an exchange is told from another key", () => {
		assert.match(String(keysOf(as)), /^[0-9a-f]{8} [0-9a-f]{8}$/);
		assert.deepEqual(
			[as, swapped, other].map((live) => exchangeOf(outputs, live)),
			["none", "exchanged", "other"],
		);
	});

	test("stays remembered while the keys are exchanged, for nothing else tells that they were", () => {
		assert.equal(keysKept(outputs, swapped), outputs[MEMORY]);
		assert.equal(keysKept(outputs, other), keysOf(other));
	});

	test("is known to state of an earlier release that keeps the keys, or an etag that nobody moved", () => {
		const stored = { etag: "before", ...KEYS };
		assert.equal(exchangeOf(stored, swapped), "exchanged");
		assert.equal(keysKept(stored, swapped), keysOf(as));
		const untouched = { etag: as.etag };
		assert.equal(exchangeOf(untouched, as), "none");
	});

	test("is not known to state of an earlier release without keys once somebody wrote the device", () => {
		const without = { etag: "before" };
		assert.equal(exchangeOf(without, as), "other");
		const refreshed = { etag: as.etag, [MEMORY]: keysKept(without, as) };
		assert.equal(exchangeOf(refreshed, as), "other", "a refresh alone proves nothing");
		assert.equal(keysKept(refreshed, as), keysOf(as), "a second one takes the keys as they are");
	});
});
