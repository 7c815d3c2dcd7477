import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wasCreatedByThisProgram } from "../../../provider/resource/creationProof.ts";
import type { CreationProof, LiveObject } from "../../../provider/resource/resourceType.ts";
import { createGadgetFleet } from "../fleet/gadgetFleet.ts";
import type { GadgetInputs } from "./gadget.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A gadget that was just created from `{ note: "x" }`. */
const FOUND: LiveObject<GadgetInputs> = {
	etag: "e",
	uid: "1",
	ageMs: 500,
	values: { name: "a", mode: "on", note: "x", lock: { pin: "0000" } },
	computed: {},
};

/** What differs: the object, its proof, its creation by the local clock, and the age of a lost request. */
interface Circumstances {
	readonly found?: Partial<LiveObject<GadgetInputs>>;
	readonly proof?: CreationProof;
	readonly ownAge?: number;
	readonly lost?: number;
	/** Whether it is a single resource. */
	readonly isSingle?: true;
}

function judged({ found, proof = "proven", ownAge, lost, isSingle }: Circumstances): boolean {
	const { fleetType } = createGadgetFleet();
	const { memberContext } = fleetType;
	const bornAt = () => (ownAge === undefined ? undefined : memberContext.runtime.getWallTime() - ownAge);
	const whole = {
		...memberContext,
		...(isSingle ? {} : { maxResumableAgeMs: DAY }),
		resourceType: { ...memberContext.resourceType, getCreatedAt: bornAt, verifyCreation: () => proof },
	};
	const inputs = { name: "a", place: "hall", note: "x" };
	return wasCreatedByThisProgram(
		whole,
		{ ...FOUND, ...found },
		{ inputs, ...(lost === undefined ? {} : { lostRequestMs: lost }) },
	);
}

describe("an object that an interrupted run may have created counts as created by this program", () => {
	test("if it proves its creator, is as created, and is young", () => {
		assert.equal(judged({}), true);
		assert.equal(judged({ found: { ageMs: 23 * HOUR } }), true);
	});

	test("but not without a proof, or against one", () => {
		assert.equal(judged({ proof: "none" }), false);
		assert.equal(judged({ proof: "refuted" }), false);
	});

	test("but not with any value that a creation does not leave, declared or not", () => {
		const values = FOUND.values;
		const others: Partial<GadgetInputs>[] = [
			{ ...values, note: "y" },
			{ ...values, mode: "off" },
			{ ...values, labels: ["l"] },
			{ ...values, lamp: { colour: "red" } },
		];
		for (const other of others) assert.equal(judged({ found: { values: other } }), false);
	});

	test("but not for a single resource that lost no response", () => {
		assert.equal(judged({ isSingle: true }), false);
	});
});

describe("an object that a request with a lost response may have created counts as created by this program", () => {
	test("if it was created since, though it proves nothing", () => {
		for (const isSingle of [{}, { isSingle: true }] as const) {
			assert.equal(judged({ ...isSingle, proof: "none", lost: 0 }), true);
			assert.equal(judged({ ...isSingle, proof: "none", lost: 0, found: { ageMs: 60_000 } }), false);
			assert.equal(judged({ ...isSingle, proof: "none", lost: 60_000, found: { ageMs: 60_000 } }), true);
		}
	});

	test("but not if it proves another creator, or has a value that a creation does not leave", () => {
		assert.equal(judged({ proof: "refuted", lost: 0 }), false);
		assert.equal(
			judged({ isSingle: true, lost: 0, found: { values: { ...FOUND.values, mode: "off" } } }),
			false,
		);
	});

	test("also on a machine with a clock that is hours ahead", () => {
		assert.equal(judged({ isSingle: true, proof: "none", lost: 0, ownAge: 5 * HOUR }), true);
	});
});

describe("an age", () => {
	test("that is unknown or negative is not young", () => {
		const { ageMs: _, ...ageless } = FOUND;
		assert.equal(
			wasCreatedByThisProgram(
				{ ...createGadgetFleet().fleetType.memberContext, maxResumableAgeMs: DAY },
				ageless,
				{ inputs: { note: "x" } },
			),
			false,
		);
		assert.equal(judged({ found: { ageMs: -60_000 } }), false);
		assert.equal(judged({ found: { ageMs: -900 } }), true, "a date is cut to its second");
	});

	test("is the higher of both clocks, so a date from the past makes nothing young", () => {
		assert.equal(judged({ found: { ageMs: 1_000 }, ownAge: 25 * HOUR }), false);
		assert.equal(judged({ found: { ageMs: 1_000 }, ownAge: -25 * HOUR }), true);
		assert.equal(judged({ found: { ageMs: 25 * HOUR }, ownAge: 0 }), false);
		assert.equal(judged({ isSingle: true, proof: "none", lost: 0, ownAge: 25 * HOUR }), false);
	});
});
