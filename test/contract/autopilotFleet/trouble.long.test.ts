import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UPLOAD } from "../autopilotIdentity/withTenant.ts";
import { catchError } from "../scene.ts";
import {
	ASK,
	assertMachinesDeployed,
	countQueuedImports,
	createMachineFleet,
	declareKiosks,
	declareMachineFleet,
	declareOtherKiosk,
	deployMachineFleet,
	formatSerial,
	withTenant,
} from "./withFleet.ts";

const REFUSED = { kind: "status", status: 400 } as const;

describe("Machines that fail", () => {
	test(
		"leave nothing in state if all of them fail",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ error: "ZtdDeviceDuplicated", times: 3 });
			const fleet = createMachineFleet(tenant);
			assert.match(
				(await catchError(fleet.up(declareMachineFleet(declareKiosks(3))))).message,
				/^3 of 3 machines failed:\n/,
			);
			assert.equal(fleet.state, undefined);
		}),
	);
	test(
		"to be updated after their import are kept as they are, and updated by the next run",
		withTenant(async (tenant) => {
			const machines = declareKiosks(3, { displayName: "lobby" });
			tenant.control.faults.add({ match: ASK.change, action: REFUSED });
			const fleet = createMachineFleet(tenant);
			assert.match(
				(await catchError(fleet.up(declareMachineFleet(machines)))).message,
				/^1 of 3 machines failed/,
			);
			assert.equal(fleet.getOutput("count"), 3);
			tenant.requests.reset();
			await fleet.up(declareMachineFleet(machines));
			assert.equal(countQueuedImports(tenant), 0);
			await assertMachinesDeployed(tenant, fleet, machines);
		}),
	);
	test(
		"to be deleted stay in state until they are deleted",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(4));
			tenant.control.machines.enrol(tenant.getMachine(formatSerial(3)).id);
			const { message } = await catchError(fleet.up(declareMachineFleet(declareKiosks(1))));
			assert.match(message, /^1 of 3 machines failed.*:\n {4}5CG0003: .*enrolled in Intune/);
			assert.equal(fleet.getOutput("count"), 2);
			assert.match(
				(await catchError(fleet.destroy())).message,
				/^1 of 2 machines could not be deleted:\n {4}5CG0003: /,
			);
			tenant.control.machines.unenrol(tenant.getMachine(formatSerial(3)).id);
			await fleet.destroy();
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"to be deleted before a replacement are not replaced",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(2));
			const { id } = tenant.getMachine(formatSerial(1));
			tenant.control.machines.enrol(id);
			const machines = {
				...declareKiosks(2),
				[formatSerial(1)]: declareOtherKiosk(formatSerial(1)),
			};
			assert.match(
				(await catchError(fleet.up(declareMachineFleet(machines)))).message,
				/5CG0001: .*enrolled in Intune/,
			);
			assert.equal(tenant.getMachine(formatSerial(1)).id, id);
			tenant.control.machines.unenrol(id);
			await fleet.up(declareMachineFleet(machines));
			await assertMachinesDeployed(tenant, fleet, machines);
		}),
	);
});

describe("An interrupted run", () => {
	test(
		"that created all machines is recognized by their import records, which are removed last",
		withTenant(async (tenant) => {
			tenant.control.faults.add({ match: ASK.discard, times: "always", action: REFUSED });
			const first = createMachineFleet(tenant);
			await first.up(declareMachineFleet(declareKiosks(22)));
			const told = tenant.words.said.splice(0).join("\n");
			assert.equal(told.match(/^The import record \S+ of .* was not removed from Intune/gm)?.length, 20);
			assert.match(told, /^and 2 more$/m);
			tenant.control.faults.clear();
			const fleet = createMachineFleet(tenant);
			await fleet.up(declareMachineFleet(declareKiosks(22)));
			assert.deepEqual(tenant.words.said, []);
			assert.deepEqual(tenant.listRecords(), []);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(22));
		}),
	);
	test(
		"does not allow overwriting a machine that somebody changed meanwhile, unless the fleet has adopt",
		withTenant(async (tenant) => {
			tenant.control.faults.add({ match: ASK.discard, times: "always", action: REFUSED });
			await createMachineFleet(tenant).up(declareMachineFleet(declareKiosks(3)));
			tenant.control.faults.clear();
			tenant.control.machines.change(tenant.getMachine(formatSerial(1)).id, { groupTag: "Seized" });
			const fleet = createMachineFleet(tenant);
			const { message } = await catchError(fleet.up(declareMachineFleet(declareKiosks(3))));
			assert.match(message, /^1 of 3 machines failed.*:\n {4}5CG0001: .*its groupTag was changed since/);
			await fleet.up(declareMachineFleet(declareKiosks(3), { adopt: true }));
			await assertMachinesDeployed(tenant, fleet, declareKiosks(3), { adopt: true });
		}),
	);
});

test(
	"A fleet with strategy upload keeps the import records that it needs, and removes them with its machines",
	withTenant(async (tenant) => {
		const fleet = await deployMachineFleet(tenant, declareKiosks(4));
		assert.equal(tenant.listRecords().length, 4);
		const machines = declareKiosks(3, { groupTag: "Lobby" });
		await fleet.up(declareMachineFleet(machines));
		await assertMachinesDeployed(tenant, fleet, machines);
		assert.equal(tenant.listRecords().length, 3);
		await fleet.destroy();
	}, UPLOAD),
);
