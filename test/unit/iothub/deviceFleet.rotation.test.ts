import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolveMemberRotation } from "../../../provider/iothub/deviceFleet.rotation.ts";
import { UNKNOWN } from "../../../provider/values.ts";

const ROTATION = { keyType: "primary", generation: 2 };
const isDue = (id: string, share: unknown): boolean =>
	resolveMemberRotation(id, { ...ROTATION, share }).rotation !== undefined;

describe("the share of a fleet's rotation", () => {
	/**
	 * Positions by the digest of each id. That of "abc" begins with ba7816bf in the examples of SHA-256 (NIST, FIPS 180-4), so it is
	 * at 0xba7816bf / 2^32 = 72.8 percent.
	 */
	const positions: readonly [id: string, below: number, above: number][] = [
		["abc", 72, 73],
		["sensor-1", 46, 47],
		["sensor-2", 24, 25],
	];
	for (const [id, below, above] of positions) {
		test(`always reaches ${id} between ${below} and ${above} percent, so that no release moves it to another wave`, () => {
			assert.equal(isDue(id, below), false);
			assert.equal(isDue(id, above), true);
		});
	}

	test("is everybody by default and while it is not known, and nobody at 0", () => {
		for (const [id] of positions) {
			assert.deepEqual(resolveMemberRotation(id, ROTATION), { rotation: ROTATION });
			assert.equal(isDue(id, UNKNOWN), true);
			assert.equal(isDue(id, 100), true);
			assert.equal(isDue(id, 0), false);
		}
	});

	test("leaves the rotation to a later wave, without the share", () =>
		assert.deepEqual(resolveMemberRotation("abc", { ...ROTATION, share: 1 }), { laterRotation: ROTATION }));

	test("does not concern a fleet without a rotation, or one that is not known", () => {
		for (const rotation of [undefined, UNKNOWN])
			assert.deepEqual(resolveMemberRotation("abc", rotation), { rotation });
	});
});
