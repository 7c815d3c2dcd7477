import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	declareKiosk,
	declareKiosks,
	declareMachineFleet,
	formatSerial,
	openMachineFleets,
	withTenant,
} from "./withFleet.ts";

describe("Two fleets of one process", () => {
	test(
		"that are emptied in one run delete only their own machines",
		withTenant(async (tenant) => {
			const life = openMachineFleets(tenant);
			const [shop, lab] = [
				await life.create(declareMachineFleet(declareKiosks(3))),
				await life.create(declareMachineFleet({ PF: declareKiosk("PF") })),
			];
			const none = declareMachineFleet({});
			for (const { id, outs } of [shop, lab]) assert.ok((await life.diff(id, outs, none)).changes);
			for (const { id, outs } of [shop, lab])
				assert.equal((await life.update(id, outs, none)).outs["count"], 0);
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"keep their import records until they are done themselves, because the next run recognizes an interrupted run by them",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ serialNumber: formatSerial(1), error: "StorageError" });
			const life = openMachineFleets(tenant);
			const slow = life.create(declareMachineFleet(declareKiosks(2)));
			await life.create(declareMachineFleet({ PF: declareKiosk("PF") }));
			const recorded = tenant.listRecords().map(({ serialNumber }) => serialNumber);
			await slow;
			assert.ok(recorded.includes(formatSerial(0)));
		}),
	);
	test(
		"refuse a machine to the later fleet if the earlier one would delete its registration first",
		withTenant(async (tenant) => {
			const life = openMachineFleets(tenant);
			const { id, outs } = await life.create(declareMachineFleet(declareKiosks(2)));
			const again = openMachineFleets(tenant);
			const { failures: none } = await again.check(
				declareMachineFleet(declareKiosks(2)),
				declareMachineFleet(declareKiosks(1)),
			);
			assert.deepEqual(none, []);
			assert.ok((await again.diff(id, outs, declareMachineFleet(declareKiosks(1)))).changes);
			const moved = declareMachineFleet(
				{ [formatSerial(1)]: declareKiosk(formatSerial(1)) },
				{ adopt: true },
			);
			const { failures } = await again.check({}, moved);
			assert.match(failures[0]?.reason ?? "", /gives up 5CG0001 and does not depend on.*\[HeldElsewhere\]$/);
		}),
	);
});
