import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	asked,
	assertDeployed,
	assertReplaces,
	declared,
	deployedFleet,
	kiosk,
	kiosks,
	serial,
	withTenant,
	written,
} from "./withFleet.ts";

describe("A fleet of machines", () => {
	test(
		"takes the list at its word for what nobody declares too",
		withTenant(async (tenant) => {
			const seeds = Object.keys(kiosks(24)).map((serialNumber) => ({ serialNumber, groupTag: "Theirs" }));
			tenant.control.machines.seed(seeds);
			const machines = Object.fromEntries(seeds.map(({ serialNumber }) => [serialNumber, {}]));
			const fleet = await deployedFleet(tenant, machines, { adopt: true });
			assert.equal(await fleet.up(declared(machines, { adopt: true })), "same");
			assert.deepEqual(asked(tenant), { read: 19, list: 1 });
		}),
	);
});

describe("A machine with another product key", () => {
	const again = { productKey: "00331-1" };

	test(
		"is deleted, then imported",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(3));
			const machines = { ...kiosks(3), [serial(1)]: kiosk(serial(1), again) };
			await assertReplaces(tenant, fleet, { machines, name: serial(1) });
		}),
	);
	test(
		"is counted with those that are deleted, before any of them is",
		withTenant(
			async (tenant) => {
				const fleet = await deployedFleet(tenant, kiosks(3));
				const changed = { [serial(1)]: kiosk(serial(1), again) };
				const fewer = { ...changed, [serial(2)]: kiosk(serial(2)) };
				await assert.rejects(fleet.plan(declared(fewer)), /autopilot:maxDeletes allows at most 1/);
				assert.deepEqual(written(tenant), {});
				const machines = { ...kiosks(3), ...changed };
				await fleet.up(declared(machines));
				await assertDeployed(tenant, fleet, machines);
			},
			{ config: { "autopilot:maxDeletes": "1" } },
		),
	);
});
