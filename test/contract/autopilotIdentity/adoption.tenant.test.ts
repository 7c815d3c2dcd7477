import assert from "node:assert/strict";
import { test } from "node:test";
import { hardwareHash } from "../../emulator/emulator.ts";
import { SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const ADA = "ada@contoso.com";

test(
	"A tenant's machines are adopted as they are, without a hash, and then nothing changes",
	withTenant(async (tenant) => {
		tenant.control.machines.seed([
			{ serialNumber: SERIAL, groupTag: "Kiosk", displayName: "FRONT-1" },
			{
				serialNumber: "Default string",
				productKey: "AAA",
				userPrincipalName: ADA,
				addressableUserName: "Ada",
			},
			{ serialNumber: "Default string", hardwareIdentifier: hardwareHash("another board") },
		]);
		const { machines, left } = await tenant.open().adoption({});
		assert.deepEqual(left, []);
		assert.deepEqual(
			new Set(machines.map(({ inputs }) => inputs)),
			new Set([
				{ serialNumber: SERIAL, adopt: true, groupTag: "Kiosk", displayName: "FRONT-1" },
				{
					serialNumber: "Default string",
					adopt: true,
					assignedUserPrincipalName: ADA,
					addressableUserName: "Ada",
				},
				{ serialNumber: "Default string", adopt: true },
			]),
		);
		for (const { id, inputs, outputs } of machines) {
			const life = tenant.open().autopilotIdentity;
			assert.deepEqual(await life.check({}, inputs), { inputs, failures: [] });
			const { changes, replaces } = await life.diff(id, { ...outputs }, inputs);
			assert.deepEqual([changes, replaces], [false, []]);
		}
		assert.deepEqual(tenant.words.said, []);
	}),
);

test(
	"A part of a tenant is adopted by a group tag or a part of the serial number",
	withTenant(async (tenant) => {
		tenant.control.machines.seed([
			{ serialNumber: "5CG-1", groupTag: "Kiosk" },
			{ serialNumber: "5CG-2", groupTag: "Office" },
			{ serialNumber: "PF-3", groupTag: "Kiosk" },
		]);
		const serials = async (args: { serialNumber?: string; groupTag?: string }) =>
			(await tenant.open().adoption(args)).machines.map(({ inputs }) => inputs["serialNumber"]);
		assert.deepEqual((await serials({ groupTag: "Kiosk" })).sort(), ["5CG-1", "PF-3"]);
		assert.deepEqual((await serials({ serialNumber: "5CG" })).sort(), ["5CG-1", "5CG-2"]);
	}),
);

test(
	"A strategy that has no word for a name leaves it undeclared",
	withTenant(async (tenant) => {
		tenant.control.machines.seed([{ serialNumber: SERIAL, groupTag: "Kiosk", displayName: "FRONT-1" }]);
		const { machines } = await tenant.open().adoption({});
		assert.deepEqual(
			machines.map(({ inputs }) => inputs),
			[{ serialNumber: SERIAL, adopt: true, groupTag: "Kiosk" }],
		);
	}, UPLOAD),
);
