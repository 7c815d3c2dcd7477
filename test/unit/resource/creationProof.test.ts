import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wasCreatedByThisProgram } from "../../../provider/resource/creationProof.ts";
import type { CreationProof, LiveObject } from "../../../provider/resource/resourceType.ts";
import { createGadgetFleet } from "../fleet/gadgetFleet.ts";
import type { GadgetInputs } from "./gadget.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A gadget as a creation of `{ note: "x" }` leaves it, a moment ago. */
const FOUND: LiveObject<GadgetInputs> = {
	etag: "e",
	uid: "1",
	ageMs: 500,
	values: { name: "a", mode: "on", note: "x", lock: { pin: "0000" } },
	computed: {},
};

/** What is so besides: how it is found, what it proves, when it was made by our clock, and whether an answer was lost. */
interface Circumstances {
	readonly found?: Partial<LiveObject<GadgetInputs>>;
	readonly proof?: CreationProof;
	readonly ownAge?: number;
	readonly lost?: number;
	/** Set for a resource of its own. */
	readonly isSingle?: true;
}

function judged({ found, proof = "proven", ownAge, lost, isSingle }: Circumstances): boolean {
	const { fleetType } = createGadgetFleet();
	const { memberContext } = fleetType;
	const bornAt = () => (ownAge === undefined ? undefined : memberContext.runtime.now() - ownAge);
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

describe("what an interrupted run may have made is ours", () => {
	test("where it proves so, is as it was made, and is young", () => {
		assert.equal(judged({}), true);
		assert.equal(judged({ found: { ageMs: 23 * HOUR } }), true);
	});

	test("and not without a proof, or against it", () => {
		assert.equal(judged({ proof: "none" }), false);
		assert.equal(judged({ proof: "refuted" }), false);
	});

	test("and not with anything that a creation would not leave, declared or not", () => {
		const values = FOUND.values;
		const others: Partial<GadgetInputs>[] = [
			{ ...values, note: "y" },
			{ ...values, mode: "off" },
			{ ...values, labels: ["l"] },
			{ ...values, lamp: { colour: "red" } },
		];
		for (const other of others) assert.equal(judged({ found: { values: other } }), false);
	});

	test("and not for a resource of its own, of which no answer was lost", () => {
		assert.equal(judged({ isSingle: true }), false);
	});
});

describe("what a lost answer may have told of is ours", () => {
	test("where it came to be meanwhile, though it proves nothing", () => {
		for (const isSingle of [{}, { isSingle: true }] as const) {
			assert.equal(judged({ ...isSingle, proof: "none", lost: 0 }), true);
			assert.equal(judged({ ...isSingle, proof: "none", lost: 0, found: { ageMs: 60_000 } }), false);
			assert.equal(judged({ ...isSingle, proof: "none", lost: 60_000, found: { ageMs: 60_000 } }), true);
		}
	});

	test("and not where it proves to be somebody else's, or has what a creation would not leave", () => {
		assert.equal(judged({ proof: "refuted", lost: 0 }), false);
		assert.equal(
			judged({ isSingle: true, lost: 0, found: { values: { ...FOUND.values, mode: "off" } } }),
			false,
		);
	});

	test("and is so on a machine whose clock is hours ahead", () => {
		assert.equal(judged({ isSingle: true, proof: "none", lost: 0, ownAge: 5 * HOUR }), true);
	});
});

describe("an age", () => {
	test("that is not known, or of what is yet to be made, is no young one", () => {
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

	test("is the higher of both clocks', so a date from the past makes nothing young", () => {
		assert.equal(judged({ found: { ageMs: 1_000 }, ownAge: 25 * HOUR }), false);
		assert.equal(judged({ found: { ageMs: 1_000 }, ownAge: -25 * HOUR }), true);
		assert.equal(judged({ found: { ageMs: 25 * HOUR }, ownAge: 0 }), false);
		assert.equal(judged({ isSingle: true, proof: "none", lost: 0, ownAge: 25 * HOUR }), false);
	});
});
