import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toManagedValues } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import {
	decodeImportRecord,
	decodeMachine,
	encodeImport,
	encodeMachineProperties,
	encodeRecordPatch,
	pickStableFields,
} from "../../../provider/graph/autopilotIdentity.wire.ts";
import { computeContentEtag } from "../../../provider/graph/contentEtag.ts";
import {
	createLiveMachine,
	createMachineInputs,
	createMachineJson,
	createRecordJson,
	HASH,
	ID,
	MACHINE,
	SERIAL,
} from "./machines.ts";

/** The additional members of Graph's beta. */
const BETA = {
	"@odata.context": "https://graph.example/beta/$metadata#deviceManagement/…/$entity",
	azureAdDeviceId: "0e7c2a4c-8b37-4b2b-9a4e-1f3a6f6d0002",
	deploymentProfileAssignmentStatus: "assignedUnkownSyncState",
	deploymentProfileAssignmentDetailedStatus: "none",
	deploymentProfileAssignedDateTime: "0001-01-01T00:00:00Z",
	deviceAccountUpn: "",
	deviceAccountPassword: "",
	deviceFriendlyName: "",
	remediationState: "unknown",
	userlessEnrollmentStatus: "unknown",
};

const decoded = (json: unknown, headers = {}) => decodeMachine({ json, headers });

describe("a decoded machine", () => {
	test("has inputs, and computed members of the manufacturer and the service", () => {
		assert.deepEqual(decoded(MACHINE), {
			id: ID,
			etag: computeContentEtag(MACHINE),
			values: {
				serialNumber: SERIAL,
				productKey: "PK-1",
				groupTag: "Kiosk",
				assignedUserPrincipalName: "ada@contoso.com",
				addressableUserName: "Ada",
				displayName: "kiosk-1",
			},
			computed: {
				manufacturer: "Contoso",
				model: "Standard",
				systemFamily: "Family",
				skuNumber: "SKU-1",
				purchaseOrderIdentifier: "PO-7",
				enrollmentState: "notContacted",
				managedDeviceId: undefined,
			},
		});
	});

	test("from Graph's beta is equal, including the etag", () => {
		assert.deepEqual(decoded({ ...MACHINE, ...BETA }), decoded(MACHINE));
	});

	test("has no value if the service returns an empty string, null or nothing", () => {
		const nulls = Object.fromEntries(
			Object.entries(createMachineJson()).map(([name, value]) => [name, value || null]),
		);
		const { id, serialNumber } = MACHINE;
		for (const json of [createMachineJson(), nulls, { id, serialNumber }]) {
			assert.deepEqual(decoded(json)?.values, { serialNumber: SERIAL });
		}
	});

	test("has no computed member if the service returns an empty string, null, nothing or the id of zeros", () => {
		const facts = ["manufacturer", "model", "systemFamily", "skuNumber", "purchaseOrderIdentifier"];
		const names = [...facts, "enrollmentState", "managedDeviceId"];
		const none = Object.fromEntries(names.map((name) => [name, undefined]));
		for (const unset of ["", null, undefined, "00000000-0000-0000-0000-000000000000"]) {
			const json = { ...MACHINE, ...Object.fromEntries(names.map((name) => [name, unset])) };
			assert.deepEqual(decoded(json)?.computed, none);
		}
	});

	test("has the service's etag if there is one: that of the body before that of the header", () => {
		const etag = 'W/"JzEt"';
		assert.equal(decoded(MACHINE, { etag })?.etag, etag);
		assert.equal(decoded({ ...MACHINE, "@odata.etag": etag }, { etag: '"2"' })?.etag, etag);
	});

	test("keeps spaces, hyphens and case of its serial number", () => {
		const serialNumber = " VMware-56 4d ";
		assert.equal(createLiveMachine({ serialNumber }).values.serialNumber, serialNumber);
	});

	test("is undefined without an id or a serial number", () => {
		for (const json of [
			undefined,
			null,
			[],
			"x",
			{},
			{ id: ID },
			{ serialNumber: SERIAL },
			{ value: [MACHINE] },
		]) {
			assert.equal(decoded(json), undefined);
		}
	});

	test("has the id of its Intune device once it is enrolled", () => {
		const managedDeviceId = "0e7c2a4c-8b37-4b2b-9a4e-1f3a6f6d0003";
		assert.equal(createLiveMachine({ managedDeviceId }).computed["managedDeviceId"], managedDeviceId);
	});

	test("has computed members for outputs that do not change on their own", () => {
		const names = ["manufacturer", "model", "systemFamily", "skuNumber", "purchaseOrderIdentifier"];
		assert.deepEqual(Object.keys(pickStableFields(createLiveMachine().computed)), names);
	});
});

describe("a decoded import record", () => {
	test("is that of the response to a POST, which contains no hash", () => {
		assert.deepEqual(decodeImportRecord(createRecordJson()), {
			id: "r-1",
			importId: "r-1",
			serialNumber: SERIAL,
			groupTag: "",
			assignedUserPrincipalName: "",
			etag: undefined,
			state: {
				deviceImportStatus: "unknown",
				deviceRegistrationId: "",
				deviceErrorCode: 0,
				deviceErrorName: "",
			},
		});
	});

	test("contains the result of the import", () => {
		const state = {
			deviceImportStatus: "complete",
			deviceRegistrationId: ID,
			deviceErrorCode: 0,
			deviceErrorName: "None",
		};
		assert.deepEqual(decodeImportRecord(createRecordJson(state))?.state, state);
		const failed = { ...state, deviceImportStatus: "error", deviceErrorCode: 808, deviceErrorName: "Ztd" };
		assert.deepEqual(decodeImportRecord(createRecordJson(failed))?.state, failed);
	});

	test("without a state is in progress", () => {
		assert.equal(decodeImportRecord({ id: "r-1" })?.state.deviceImportStatus, "unknown");
		assert.equal(decodeImportRecord({ id: "r-1", state: null })?.state.deviceImportStatus, "unknown");
	});

	test("has the service's etag if there is one", () => {
		assert.equal(decodeImportRecord(createRecordJson(), { etag: '"1"' })?.etag, '"1"');
		assert.equal(decodeImportRecord(createRecordJson({}, { "@odata.etag": '"2"' }))?.etag, '"2"');
	});

	test("is undefined without an id", () => {
		for (const json of [undefined, null, {}, { value: [createRecordJson()] }])
			assert.equal(decodeImportRecord(json), undefined);
	});
});

describe("the body of an import", () => {
	test("contains the hash unchanged, and nothing that is not declared", () => {
		assert.deepEqual(encodeImport(createMachineInputs(), "i-1"), {
			"@odata.type": "#microsoft.graph.importedWindowsAutopilotDeviceIdentity",
			serialNumber: SERIAL,
			hardwareIdentifier: HASH,
			importId: "i-1",
		});
	});

	test("contains only the fields that an import can set", () => {
		const inputs = createMachineInputs({
			productKey: "PK-1",
			groupTag: "Kiosk",
			assignedUserPrincipalName: "ada@contoso.com",
			addressableUserName: "Ada",
			displayName: "kiosk-1",
			adopt: true,
			onDrift: "fail",
		});
		assert.deepEqual(encodeImport(inputs, "i-1"), {
			...encodeImport(createMachineInputs(), "i-1"),
			productKey: "PK-1",
			groupTag: "Kiosk",
			assignedUserPrincipalName: "ada@contoso.com",
		});
	});

	test("omits empty fields", () => {
		const empty = createMachineInputs({ productKey: "", groupTag: "", assignedUserPrincipalName: "" });
		assert.deepEqual(encodeImport(empty, "i-1"), encodeImport(createMachineInputs(), "i-1"));
	});
});

describe("the parameters of updateDeviceProperties", () => {
	const all = {
		groupTag: "Kiosk",
		displayName: "kiosk-1",
		assignedUserPrincipalName: "ada@contoso.com",
		addressableUserName: "Ada",
	};

	test("are always complete, because a change of one can empty another", () => {
		assert.deepEqual(encodeMachineProperties(toManagedValues(all)), {
			userPrincipalName: "ada@contoso.com",
			addressableUserName: "Ada",
			groupTag: "Kiosk",
			displayName: "kiosk-1",
		});
	});

	test("clear a group tag and a name with an empty string", () => {
		assert.deepEqual(encodeMachineProperties(toManagedValues({})), { groupTag: "", displayName: "" });
	});

	test("contain the user's display name with the user, empty if there is none", () => {
		const { assignedUserPrincipalName } = all;
		assert.deepEqual(encodeMachineProperties(toManagedValues({ assignedUserPrincipalName })), {
			userPrincipalName: "ada@contoso.com",
			addressableUserName: "",
			groupTag: "",
			displayName: "",
		});
		assert.deepEqual(encodeMachineProperties(toManagedValues({ addressableUserName: "Ada" })), {
			addressableUserName: "Ada",
			groupTag: "",
			displayName: "",
		});
	});
});

test("the body of a PATCH contains the record's id and the old name of the tag, and no hash", () => {
	const record = decodeImportRecord(createRecordJson({ deviceRegistrationId: ID }));
	assert.ok(record !== undefined);
	const to = toManagedValues({
		groupTag: "Kiosk",
		assignedUserPrincipalName: "ada@contoso.com",
		displayName: "k",
	});
	assert.deepEqual(encodeRecordPatch(record, to), {
		"@odata.type": "#microsoft.graph.importedWindowsAutopilotDeviceIdentity",
		id: "r-1",
		orderIdentifier: "Kiosk",
		groupTag: "Kiosk",
		serialNumber: SERIAL,
		importId: "r-1",
		assignedUserPrincipalName: "ada@contoso.com",
	});
});
