import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import {
	assertMachinesDeployed,
	createMachineFleet,
	declareKiosk,
	declareKiosks,
	declareMachineFleet,
	deployMachineFleet,
	formatSerial,
	withTenant,
} from "./withFleet.ts";

describe("Adoption of many machines", () => {
	const seeds = Object.keys(declareKiosks(3)).map((serialNumber) => ({
		serialNumber,
		groupTag: "Old",
		displayName: "theirs",
	}));
	test(
		"is refused for each existing machine unless the fleet has adopt, and the others are imported",
		withTenant(async (tenant) => {
			const { hardwareIdentifier } = declareKiosk(formatSerial(1));
			const there = seeds.filter(({ serialNumber }) => serialNumber === formatSerial(1));
			tenant.control.machines.seed(
				there.map((seed) => ({ ...seed, hardwareIdentifier: String(hardwareIdentifier) })),
			);
			const fleet = createMachineFleet(tenant);
			const { message } = await catchError(fleet.up(declareMachineFleet(declareKiosks(3))));
			assert.match(message, /^1 of 3 machines failed; the others are as declared:\n/);
			assert.match(message, /^ {4}5CG0001: Machine 5CG0001 exists already .*`adopt: true`/m);
			assert.equal(tenant.getMachine(formatSerial(1)).groupTag, "Old");
			assert.equal(fleet.getOutput("count"), 2);
			await fleet.up(declareMachineFleet(declareKiosks(3), { adopt: true }));
			assert.equal(tenant.getMachine(formatSerial(1)).displayName, "theirs");
			await assertMachinesDeployed(tenant, fleet, declareKiosks(3), { adopt: true });
		}),
	);
	test(
		"needs no hash, and does not change undeclared fields",
		withTenant(async (tenant) => {
			tenant.control.machines.seed(seeds);
			const machines = Object.fromEntries(
				seeds.map(({ serialNumber }) => [serialNumber, { groupTag: "New" }]),
			);
			const fleet = await deployMachineFleet(tenant, machines, { adopt: true });
			assert.equal(tenant.getMachine(formatSerial(0)).displayName, "theirs");
			const tagged = { ...machines, [formatSerial(0)]: { groupTag: "Newer" } };
			await fleet.up(declareMachineFleet(tagged, { adopt: true }));
			assert.equal(tenant.getMachine(formatSerial(0)).displayName, "theirs");
			await assertMachinesDeployed(tenant, fleet, tagged, { adopt: true });
		}),
	);
	test(
		"fails for a machine that has no hash and is not registered",
		withTenant(async (tenant) => {
			const machines = { ...declareKiosks(1), bare: { groupTag: "Kiosk" } };
			const { message } = await catchError(
				createMachineFleet(tenant).up(declareMachineFleet(machines, { adopt: true })),
			);
			assert.match(message, /^1 of 2 machines failed.*:\n {4}bare: The machine "[^"]+" is not registered/);
			assert.equal(tenant.control.machines.list().length, 1);
		}),
	);
});
