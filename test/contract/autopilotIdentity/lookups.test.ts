import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { SERIAL, withTenant } from "./withTenant.ts";

const FIRST = { serialNumber: SERIAL, groupTag: "Kiosk", displayName: "FRONT-1", manufacturer: "Contoso" };

function seedMachines({ control }: TenantStage): string {
	const [first] = control.machines.seed([
		FIRST,
		{ serialNumber: `${SERIAL}-2`, groupTag: "Kiosk West" },
		{ serialNumber: "PF-3" },
	]);
	return String(first?.id);
}

describe("A lookup of one machine", () => {
	test(
		"finds it by its id and by its exact serial number",
		withTenant(async (tenant) => {
			const id = seedMachines(tenant);
			const { functions } = tenant.open();
			const byId = await functions.getMachine({ id });
			assert.deepEqual(await functions.getMachine({ serialNumber: SERIAL }), byId);
			assert.deepEqual({ ...byId, ...FIRST, id }, byId);
		}),
	);
	test(
		"omits values that Graph does not have, and reads volatile values from beta",
		withTenant(
			async (tenant) => {
				const id = seedMachines(tenant);
				const found = await tenant.open().functions.getMachine({ id });
				for (const name of ["managedDeviceId", "lastContactedDateTime", "assignedUserPrincipalName"])
					assert.equal(Object.hasOwn(found, name), false, name);
				tenant.control.machines.enrol(id);
				const enrolled = await tenant.open().functions.getMachine({ id });
				assert.equal(enrolled["enrollmentState"], "enrolled");
				assert.equal(enrolled["deploymentProfileAssignmentStatus"], "assignedInSync");
				assert.equal(enrolled["etag"], found["etag"]);
			},
			{ autopilot: { unsetIds: "zero" } },
		),
	);
	test(
		"reports a missing machine for each kind of lookup",
		withTenant(async (tenant) => {
			seedMachines(tenant);
			const { functions } = tenant.open();
			const id = "6a1f0000-0000-4000-8000-000000000000";
			assert.equal(
				(await catchError(functions.getMachine({ id }))).message,
				`The machine ${id} is not registered in this tenant.`,
			);
			assert.equal(
				(await catchError(functions.getMachine({ serialNumber: "5CG" }))).message,
				'The machine "5CG" is not registered in this tenant.',
			);
		}),
	);
	test(
		"does not choose between several machines with one serial number",
		withTenant(async (tenant) => {
			tenant.control.machines.seed([
				{ serialNumber: "Default string", hardwareIdentifier: "" },
				{ serialNumber: "Default string", hardwareIdentifier: "" },
			]);
			const { message } = await catchError(
				tenant.open().functions.getMachine({ serialNumber: "Default string" }),
			);
			assert.match(message, /does not identify one of 2 registered machines/);
		}),
	);
});

describe("A lookup of many machines", () => {
	test(
		"filters by a part of the serial number in any case and by the whole group tag, over all pages",
		withTenant(
			async (tenant) => {
				seedMachines(tenant);
				const { functions } = tenant.open();
				const listSerials = async (args: object) =>
					(await functions.listMachines(args)).map(({ serialNumber }) => serialNumber);
				assert.deepEqual(await listSerials({}), [SERIAL, `${SERIAL}-2`, "PF-3"]);
				assert.deepEqual(await listSerials({ serialNumber: "abc-2" }), [`${SERIAL}-2`]);
				assert.deepEqual(await listSerials({ groupTag: "Kiosk" }), [SERIAL]);
				assert.deepEqual(await listSerials({ groupTag: "" }), ["PF-3"]);
				assert.deepEqual(await listSerials({ serialNumber: "none" }), []);
			},
			{ autopilot: { pageSize: 2 } },
		),
	);
	test(
		"returns only members that list rows report reliably",
		withTenant(async (tenant) => {
			const id = seedMachines(tenant);
			tenant.control.machines.enrol(id);
			const [row] = await tenant.open().functions.listMachines({ groupTag: "Kiosk" });
			assert.deepEqual(row, { id, ...FIRST });
		}),
	);
});
