import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { computeContentEtag, toIfMatch } from "../../../provider/graph/contentEtag.ts";
import { MACHINE } from "./machines.ts";

const WRITTEN = [
	"id",
	"serialNumber",
	"groupTag",
	"displayName",
	"userPrincipalName",
	"addressableUserName",
	"productKey",
	"purchaseOrderIdentifier",
];
const OTHERS = [
	...Object.keys(MACHINE).filter((name) => !WRITTEN.includes(name)),
	"deploymentProfileAssignmentStatus",
	"remediationState",
	"userlessEnrollmentStatus",
	"@odata.context",
];

describe("the etag of a machine", () => {
	test("is a weak one, quoted as an etag is", () => {
		assert.match(computeContentEtag(MACHINE), /^W\/"sha256-[A-Za-z0-9_-]{43}"$/);
	});

	for (const name of WRITTEN) {
		test(`moves with ${name}`, () => {
			assert.notEqual(computeContentEtag({ ...MACHINE, [name]: "other" }), computeContentEtag(MACHINE));
		});

		test(`is the same where ${name} is null, empty or absent`, () => {
			const { [name]: _, ...absent } = MACHINE;
			const etags = [{ ...MACHINE, [name]: null }, { ...MACHINE, [name]: "" }, absent].map(
				computeContentEtag,
			);
			assert.equal(new Set(etags).size, 1);
		});
	}

	for (const name of OTHERS) {
		test(`stays where it was when ${name} changes`, () => {
			assert.equal(computeContentEtag({ ...MACHINE, [name]: "other" }), computeContentEtag(MACHINE));
		});
	}

	test("does not see the case of a user's name or of an id, and of nothing else", () => {
		const upper = (name: string) => ({ ...MACHINE, [name]: String(MACHINE[name]).toUpperCase() });
		for (const name of ["userPrincipalName", "id"]) {
			assert.equal(computeContentEtag(upper(name)), computeContentEtag(MACHINE), name);
		}
		for (const name of ["groupTag", "displayName", "addressableUserName"]) {
			assert.notEqual(computeContentEtag(upper(name)), computeContentEtag(MACHINE), name);
		}
	});

	test("does not see the order of the members", () => {
		const turned = Object.fromEntries(Object.entries(MACHINE).reverse());
		assert.equal(computeContentEtag(turned), computeContentEtag(MACHINE));
	});

	test("tells any two values in any two members apart", () => {
		const member = fc.constantFrom(
			...WRITTEN.filter((name) => name !== "userPrincipalName" && name !== "id"),
		);
		const value = fc.string({ minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(member, member, value, value, (one, other, first, second) => {
				fc.pre(one !== other || first !== second);
				assert.notEqual(computeContentEtag({ [one]: first }), computeContentEtag({ [other]: second }));
			}),
		);
	});
});

describe("a condition", () => {
	test("is the service's etag as it is", () => {
		for (const etag of ['W/"JzEtTWFjaGluZQ=="', '"1"', "1"]) assert.equal(toIfMatch(etag), etag);
	});

	test("is none where the etag is our own or there is none", () => {
		assert.equal(toIfMatch(computeContentEtag(MACHINE)), undefined);
		assert.equal(toIfMatch(""), undefined);
	});
});
