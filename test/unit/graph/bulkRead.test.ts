import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { matchesState } from "../../../provider/graph/bulkRead.ts";

const OUTPUTS = {
	serialNumber: "5CG-1 A",
	productKey: "",
	groupTag: "Kiosk",
	displayName: "KIOSK-1",
	assignedUserPrincipalName: "ada@contoso.com",
	addressableUserName: "Ada",
	purchaseOrderIdentifier: "PO-7",
	manufacturer: "Contoso",
	etag: 'W/"sha256-x"',
};
const ROW = {
	id: "id-1",
	serialNumber: "5CG-1 A",
	productKey: null,
	groupTag: "Kiosk",
	displayName: "KIOSK-1",
	userPrincipalName: "Ada@Contoso.com",
	addressableUserName: "Ada",
	purchaseOrderIdentifier: "PO-7",
	manufacturer: "",
	enrollmentState: "enrolled",
	lastContactedDateTime: "0001-01-01T00:00:00Z",
};

describe("a row of the list", () => {
	test("matches state if every written member does, whatever the others are", () => {
		assert.equal(matchesState(ROW, OUTPUTS), true);
	});

	for (const [member, value] of Object.entries({
		serialNumber: "5CG-1 a",
		productKey: "K",
		groupTag: "",
		displayName: "kiosk-1",
		userPrincipalName: "",
		addressableUserName: "ada",
		purchaseOrderIdentifier: null,
	})) {
		test(`does not match state if ${member} differs`, () => {
			assert.equal(matchesState({ ...ROW, [member]: value }, OUTPUTS), false);
		});
	}

	test("is compared by its etag alone if the service sends one", () => {
		const etag = 'W/"7"';
		assert.equal(matchesState({ ...ROW, groupTag: "", "@odata.etag": etag }, { ...OUTPUTS, etag }), true);
		assert.equal(matchesState({ ...ROW, "@odata.etag": etag }, OUTPUTS), false);
	});
});
