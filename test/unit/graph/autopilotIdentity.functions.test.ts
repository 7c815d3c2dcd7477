import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { getMachine, listMachines } from "../../../provider/graph/autopilotIdentity.functions.ts";
import { computeContentEtag } from "../../../provider/graph/contentEtag.ts";
import { createFakeTenant, type FakeResponse, GONE } from "./fakeTenant.ts";
import { createMachineJson, ID, MACHINE, SERIAL } from "./machines.ts";

const ZEROS = "00000000-0000-0000-0000-000000000000";
/** A machine that never contacted Intune, as Graph's beta returns it. */
const UNSET = {
	azureAdDeviceId: ZEROS,
	deploymentProfileAssignmentStatus: "notAssigned",
	deploymentProfileAssignmentDetailedStatus: "none",
	deploymentProfileAssignedDateTime: "0001-01-01T00:00:00Z",
	deviceAccountUpn: "",
	deviceAccountPassword: "",
	deviceFriendlyName: null,
	remediationState: "unknown",
	remediationStateLastModifiedDateTime: "0001-01-01T00:00:00Z",
	userlessEnrollmentStatus: "unknown",
};
const list = (...rows: Readonly<Record<string, unknown>>[]): FakeResponse => ({ value: rows });

describe("getMachine", () => {
	const lookedUp = async (rest: Readonly<Record<string, unknown>>) => {
		const { context } = createFakeTenant({ [`GET machines/${ID}`]: [{ ...MACHINE, ...UNSET, ...rest }] });
		return getMachine(context.machines, { id: ID });
	};

	test("returns inputs, computed members and an etag, and omits members that are not set", async () => {
		assert.deepEqual(await lookedUp({}), {
			id: ID,
			serialNumber: SERIAL,
			productKey: "PK-1",
			groupTag: "Kiosk",
			assignedUserPrincipalName: "ada@contoso.com",
			addressableUserName: "Ada",
			displayName: "kiosk-1",
			manufacturer: "Contoso",
			model: "Standard",
			systemFamily: "Family",
			skuNumber: "SKU-1",
			purchaseOrderIdentifier: "PO-7",
			enrollmentState: "notContacted",
			deploymentProfileAssignmentStatus: "notAssigned",
			deploymentProfileAssignmentDetailedStatus: "none",
			remediationState: "unknown",
			userlessEnrollmentStatus: "unknown",
			etag: computeContentEtag(MACHINE),
		});
	});

	test("returns the last contact and the ids in other services once they are set", async () => {
		const device = "0e7c2a4c-8b37-4b2b-9a4e-1f3a6f6d0003";
		const set = {
			lastContactedDateTime: "2026-02-28T17:03:11Z",
			managedDeviceId: device,
			azureAdDeviceId: device,
			azureActiveDirectoryDeviceId: device,
			resourceName: "r",
			deploymentProfileAssignedDateTime: "2026-02-27T09:00:00Z",
			remediationStateLastModifiedDateTime: "2026-02-27T09:00:00Z",
			deviceAccountUpn: "hub@contoso.com",
			deviceFriendlyName: "Hub",
		};
		const found = await lookedUp(set);
		assert.deepEqual(Object.fromEntries(Object.keys(set).map((name) => [name, found[name]])), set);
	});

	test("returns an empty group tag if there is none, and no password", async () => {
		const found = await lookedUp({ groupTag: "", deviceAccountPassword: "geheim" });
		assert.equal(found["groupTag"], "");
		assert.ok(!JSON.stringify(found).includes("geheim"));
	});

	test("reads Graph's beta, which returns more members", async () => {
		const { context, calls } = createFakeTenant({ [`GET machines/${ID}`]: [createMachineJson()] });
		await getMachine(context.machines, { id: ID });
		assert.deepEqual(
			calls.map(({ path, operationName }) => [path, operationName]),
			[[`/beta/deviceManagement/windowsAutopilotDeviceIdentities/${ID}`, `looking up machine ${ID}`]],
		);
	});

	test("needs two requests to read a machine by its serial number", async () => {
		const { context, sentRoutes } = createFakeTenant({
			"GET machines": [list(createMachineJson({ id: "m-9" }))],
			"GET machines/m-9": [createMachineJson({ id: "m-9" })],
		});
		assert.equal((await getMachine(context.machines, { serialNumber: SERIAL }))["id"], "m-9");
		assert.deepEqual(sentRoutes(), ["GET machines", "GET machines/m-9"]);
	});

	test("throws an error with the given id or serial number if the machine does not exist", async () => {
		const none = createFakeTenant({ [`GET machines/${ID}`]: [GONE], "GET machines": [list()] }).context
			.machines;
		await assert.rejects(getMachine(none, { id: ID }), {
			code: "NoSuchMachine",
			message: `The machine ${ID} is not registered in this tenant.`,
		});
		await assert.rejects(getMachine(none, { serialNumber: SERIAL }), {
			code: "NoSuchMachine",
			message: 'The machine "5CG1234ABC" is not registered in this tenant.',
		});
	});

	test("throws if the response is not a machine", async () => {
		const { context } = createFakeTenant({ [`GET machines/${ID}`]: [list()] });
		await assert.rejects(
			getMachine(context.machines, { id: ID }),
			/looking up machine .* the response is not a machine/,
		);
	});
});

describe("listMachines", () => {
	const rows = list(
		MACHINE,
		createMachineJson({ id: "m-2", serialNumber: "ABC-2" }),
		createMachineJson({ id: "m-3", serialNumber: "ABC-3", groupTag: "kiosk", userPrincipalName: null }),
	);
	const listed = async (args: Parameters<typeof listMachines>[1]) => {
		const { context, calls } = createFakeTenant({ "GET machines": [rows] });
		return { found: await listMachines(context.machines, args), calls };
	};
	const ids = async (args: Parameters<typeof listMachines>[1]) =>
		(await listed(args)).found.map(({ id }) => id);

	test("returns only members that list rows report reliably", async () => {
		const { found, calls } = await listed({});
		assert.deepEqual(found[0], {
			id: ID,
			serialNumber: SERIAL,
			groupTag: "Kiosk",
			assignedUserPrincipalName: "ada@contoso.com",
			displayName: "kiosk-1",
			manufacturer: "Contoso",
			model: "Standard",
			productKey: "PK-1",
			purchaseOrderIdentifier: "PO-7",
		});
		assert.deepEqual(Object.keys(found[1] ?? {}).sort(), [
			"groupTag",
			"id",
			"manufacturer",
			"model",
			"purchaseOrderIdentifier",
			"serialNumber",
		]);
		assert.deepEqual(calls[0]?.query, {}, "a list takes neither $select nor $top here");
	});

	test("returns machines whose serial number contains the text, case-insensitively", async () => {
		assert.deepEqual(await ids({ serialNumber: "abc" }), [ID, "m-2", "m-3"]);
		assert.deepEqual(await ids({ serialNumber: "abc-" }), ["m-2", "m-3"]);
		assert.deepEqual(await ids({ serialNumber: "abc-4" }), []);
	});

	test("returns machines with exactly this group tag, or without one", async () => {
		assert.deepEqual(await ids({ groupTag: "Kiosk" }), [ID]);
		assert.deepEqual(await ids({ groupTag: "" }), ["m-2"]);
		assert.deepEqual(await ids({ serialNumber: "ABC-3", groupTag: "kiosk" }), ["m-3"]);
	});
});
