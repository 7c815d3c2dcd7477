import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	assertMachinesDeployed,
	assertReplaces,
	declareKiosk,
	declareKiosks,
	declareMachineFleet,
	declareOtherKiosk,
	deployMachineFleet,
	formatSerial,
	takeRequestCounts,
	takeWriteCounts,
	withTenant,
} from "./withFleet.ts";

describe("A fleet of machines", () => {
	test(
		"uses the list to compare undeclared fields as well",
		withTenant(async (tenant) => {
			const seeds = Object.keys(declareKiosks(24)).map((serialNumber) => ({
				serialNumber,
				groupTag: "Theirs",
			}));
			tenant.control.machines.seed(seeds);
			const machines = Object.fromEntries(seeds.map(({ serialNumber }) => [serialNumber, {}]));
			const fleet = await deployMachineFleet(tenant, machines, { adopt: true });
			assert.equal(await fleet.up(declareMachineFleet(machines, { adopt: true })), "same");
			assert.deepEqual(takeRequestCounts(tenant), { read: 19, list: 1 });
		}),
	);
});

describe("A machine on another mainboard", () => {
	test(
		"is deleted, then imported",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			const machines = { ...declareKiosks(3), [formatSerial(1)]: declareOtherKiosk(formatSerial(1)) };
			await assertReplaces(tenant, fleet, { machines, name: formatSerial(1) });
		}),
	);
	test(
		"counts as a deletion before anything is deleted",
		withTenant(
			async (tenant) => {
				const fleet = await deployMachineFleet(tenant, declareKiosks(3));
				const changed = { [formatSerial(1)]: declareOtherKiosk(formatSerial(1)) };
				const fewer = { ...changed, [formatSerial(2)]: declareKiosk(formatSerial(2)) };
				await assert.rejects(fleet.plan(declareMachineFleet(fewer)), /autopilot:maxDeletes allows at most 1/);
				assert.deepEqual(takeWriteCounts(tenant), {});
				const machines = { ...declareKiosks(3), ...changed };
				await fleet.up(declareMachineFleet(machines));
				await assertMachinesDeployed(tenant, fleet, machines);
			},
			{ config: { "autopilot:maxDeletes": "1" } },
		),
	);
});
