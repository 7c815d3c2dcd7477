import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	assertMachinesDeployed,
	countQueuedImports,
	createMachineFleet,
	declareKiosks,
	declareMachineFleet,
	deployMachineFleet,
	withTenant,
} from "./withFleet.ts";

describe("A fleet whose engine was killed while its provider went on", () => {
	const isEngineRunning = async () => false;

	test(
		"is created by the next run from the machines that the provider registered",
		withTenant(async (tenant) => {
			await createMachineFleet(tenant, { isEngineRunning }).up(declareMachineFleet(declareKiosks(3)));
			const ids = tenant.control.machines.list().map(({ id }) => id);
			assert.equal(tenant.listRecords().length, 3);
			const fleet = createMachineFleet(tenant);
			await fleet.up(declareMachineFleet(declareKiosks(3)));
			assert.equal(countQueuedImports(tenant), 3);
			assert.deepEqual(
				tenant.control.machines.list().map(({ id }) => id),
				ids,
			);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(3));
		}),
	);
	test(
		"is updated by the next run from the machines that the provider registered",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(2));
			const before = fleet.state;
			const later = createMachineFleet(tenant, { isEngineRunning });
			later.state = before;
			await later.up(declareMachineFleet(declareKiosks(4)));
			assert.equal(tenant.listRecords().length, 2);
			tenant.requests.reset();
			await fleet.up(declareMachineFleet(declareKiosks(4)));
			assert.equal(countQueuedImports(tenant), 0);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(4));
		}),
	);
});
