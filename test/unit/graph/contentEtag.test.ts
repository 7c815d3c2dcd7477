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
	test("is weak and quoted", () => {
		assert.match(computeContentEtag(MACHINE), /^W\/"sha256-[A-Za-z0-9_-]{43}"$/);
	});

	test("is that of every release, so that an upgrade does not look like drift", () => {
		// `openssl dgst -sha256` over the members in the order of their names, as JSON.
		assert.equal(computeContentEtag(MACHINE), 'W/"sha256-o93j4ahWZH6izgL0PSK06UW04UVRqCTbAlUOA3Y5j6E"');
	});

	for (const name of WRITTEN) {
		test(`changes with ${name}`, () => {
			assert.notEqual(computeContentEtag({ ...MACHINE, [name]: "other" }), computeContentEtag(MACHINE));
		});

		test(`is the same if ${name} is null, empty or absent`, () => {
			const { [name]: _, ...absent } = MACHINE;
			const etags = [{ ...MACHINE, [name]: null }, { ...MACHINE, [name]: "" }, absent].map(
				computeContentEtag,
			);
			assert.equal(new Set(etags).size, 1);
		});
	}

	for (const name of OTHERS) {
		test(`does not change with ${name}`, () => {
			assert.equal(computeContentEtag({ ...MACHINE, [name]: "other" }), computeContentEtag(MACHINE));
		});
	}

	test("ignores the case of user principal names and ids only", () => {
		const upper = (name: string) => ({ ...MACHINE, [name]: String(MACHINE[name]).toUpperCase() });
		for (const name of ["userPrincipalName", "id"]) {
			assert.equal(computeContentEtag(upper(name)), computeContentEtag(MACHINE), name);
		}
		for (const name of ["groupTag", "displayName", "addressableUserName"]) {
			assert.notEqual(computeContentEtag(upper(name)), computeContentEtag(MACHINE), name);
		}
	});

	test("does not depend on the order of the members", () => {
		const turned = Object.fromEntries(Object.entries(MACHINE).reverse());
		assert.equal(computeContentEtag(turned), computeContentEtag(MACHINE));
	});

	test("differs for any two values in any two members", () => {
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

describe("the If-Match value", () => {
	test("is the service's etag unchanged", () => {
		for (const etag of ['W/"JzEtTWFjaGluZQ=="', '"1"', "1"]) assert.equal(toIfMatch(etag), etag);
	});

	test("is undefined if the etag is computed or missing", () => {
		assert.equal(toIfMatch(computeContentEtag(MACHINE)), undefined);
		assert.equal(toIfMatch(""), undefined);
	});
});
