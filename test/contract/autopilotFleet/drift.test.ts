import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	assertMachinesDeployed,
	declareKiosks,
	declareMachineFleet,
	declareOtherKiosk,
	deployMachineFleet,
	formatSerial,
	matchRead,
	takeWriteCounts,
	withTenant,
} from "./withFleet.ts";

/** Changes by somebody else: one machine gets another tag, one is deleted, and one is registered again. */
function changeElsewhere(tenant: TenantStage): void {
	const { machines } = tenant.control;
	machines.change(tenant.getMachine(formatSerial(1)).id, { groupTag: "Seized" });
	machines.remove(tenant.getMachine(formatSerial(2)).id);
	machines.recreate(tenant.getMachine(formatSerial(3)).id);
}

const TAGGED =
	/Machine 5CG0001 \(\S+\) was changed outside Pulumi since the last deployment:\n {4}groupTag: "Kiosk" at the last deployment, "Seized" now, "Kiosk" declared/;
const GONE = /Machine 5CG0002 \(\S+\) was deleted outside Pulumi since the last deployment/;
const AGAIN = /Machine 5CG0003 \(\S+\) was deleted .*, and the same one exists again as \S+/;

describe("Drift of a fleet of machines", () => {
	test(
		"is reported for each machine by the plan, and reverted",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(6));
			changeElsewhere(tenant);
			const { message } = await catchError(fleet.up(declareMachineFleet(declareKiosks(6))));
			const said = tenant.words.said.join("\n");
			for (const told of [TAGGED, GONE, AGAIN]) assert.match(said, told);
			assert.match(
				said,
				/^Resource one: 2 machines to create \(5CG0002, 5CG0003\), 1 to change:\n {4}groupTag: 5CG0001$/m,
			);
			assert.match(message, /^1 of 3 machines failed.*:\n {4}5CG0003: Machine 5CG0003 exists already/);
			assert.deepEqual(takeWriteCounts(tenant), { change: 1, queueMany: 1, discard: 2 });
			await fleet.up(declareMachineFleet(declareKiosks(6), { adopt: true }));
			await assertMachinesDeployed(tenant, fleet, declareKiosks(6), { adopt: true });
		}),
	);
	test(
		"stops a plan whose onDrift is fail, with all changed machines listed and nothing written",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(6), { onDrift: "fail" });
			changeElsewhere(tenant);
			const { message } = await catchError(
				fleet.plan(declareMachineFleet(declareKiosks(6), { onDrift: "fail" })),
			);
			assert.match(message, /^3 machines cannot be planned:\n/);
			for (const told of [TAGGED, GONE, AGAIN]) assert.match(message, told);
			assert.deepEqual(takeWriteCounts(tenant), {});
		}),
	);
	test(
		"is reported and recorded in state by a refresh, and the next plan reports and reverts it",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(6));
			const { inputs } = fleet.known;
			changeElsewhere(tenant);
			await fleet.refresh();
			const told = tenant.words.said.splice(0).join("\n");
			for (const each of [TAGGED, GONE, AGAIN]) assert.match(told, each);
			assert.equal(fleet.getOutput("count"), 4);
			assert.deepEqual(fleet.known.inputs, inputs);
			await fleet.up(declareMachineFleet(declareKiosks(6), { adopt: true }));
			assert.match(tenant.words.said[0] ?? "", TAGGED);
			assert.equal(
				tenant.words.said[1],
				"Resource one: 2 machines to create (5CG0002, 5CG0003), 1 to change:\n    groupTag: 5CG0001",
			);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(6), { adopt: true });
		}),
	);
	test(
		"is still known after a refresh, and so is the hash, whose change replaces the machine",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(2));
			tenant.control.machines.change(tenant.getMachine(formatSerial(0)).id, { groupTag: "Seized" });
			await fleet.refresh();
			tenant.words.said.splice(0);
			const machines = {
				...declareKiosks(2),
				[formatSerial(0)]: declareOtherKiosk(formatSerial(0)),
			};
			await fleet.up(declareMachineFleet(machines));
			assert.equal(tenant.words.said[0], "Resource one: 1 machine to replace (5CG0000)");
			await assertMachinesDeployed(tenant, fleet, machines);
		}),
	);
	test(
		"that a refresh cannot read leaves state as it was",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			const before = fleet.state;
			tenant.control.faults.add({
				match: matchRead(tenant.getMachine(formatSerial(1))),
				times: "always",
				action: { kind: "status", status: 400 },
			});
			const { message } = await catchError(fleet.refresh());
			assert.match(message, /^1 of 3 machines cannot be read:\n {4}5CG0001: /);
			assert.deepEqual(fleet.state, before);
		}),
	);
	test(
		"is found by an inspection, which logs and writes nothing",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(6));
			const { id, outputs } = fleet.known;
			const look = () => tenant.open().autopilotFleet.inspectResource(id, outputs, { consistency: "strong" });
			assert.equal((await look()).status, "unchanged");
			changeElsewhere(tenant);
			const { status, differences, message = "" } = await look();
			assert.equal(status, "changed");
			assert.deepEqual(
				differences.map(({ path }) => path),
				["5CG0001.groupTag"],
			);
			for (const each of [TAGGED, GONE, AGAIN]) assert.match(message, each);
			assert.deepEqual(tenant.words.said, []);
			assert.deepEqual(takeWriteCounts(tenant), {});
		}),
	);
});
