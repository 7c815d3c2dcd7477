import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { declared, kiosk, kiosks, lifeOn, serial, withTenant } from "./withFleet.ts";

describe("Two fleets of one process", () => {
	test(
		"that are emptied in one run lose their own machines each",
		withTenant(async (tenant) => {
			const life = lifeOn(tenant);
			const [shop, lab] = [
				await life.create(declared(kiosks(3))),
				await life.create(declared({ PF: kiosk("PF") })),
			];
			const none = declared({});
			for (const { id, outs } of [shop, lab]) assert.ok((await life.diff(id, outs, none)).changes);
			for (const { id, outs } of [shop, lab])
				assert.equal((await life.update(id, outs, none)).outs["count"], 0);
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"keep the records of their imports each until it is done itself, for a run that dies is known by them",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ serialNumber: serial(1), error: "StorageError" });
			const life = lifeOn(tenant);
			const slow = life.create(declared(kiosks(2)));
			await life.create(declared({ PF: kiosk("PF") }));
			const recorded = tenant.records().map(({ serialNumber }) => serialNumber);
			await slow;
			assert.ok(recorded.includes(serial(0)));
		}),
	);
	test(
		"refuse a machine to the one that comes after the other gave it up, which would delete its registration before",
		withTenant(async (tenant) => {
			const life = lifeOn(tenant);
			const { id, outs } = await life.create(declared(kiosks(2)));
			const again = lifeOn(tenant);
			const { failures: none } = await again.check(declared(kiosks(2)), declared(kiosks(1)));
			assert.deepEqual(none, []);
			assert.ok((await again.diff(id, outs, declared(kiosks(1)))).changes);
			const moved = declared({ [serial(1)]: kiosk(serial(1)) }, { adopt: true });
			const { failures } = await again.check({}, moved);
			assert.match(failures[0]?.reason ?? "", /gives up 5CG0001 and does not depend on.*\[HeldElsewhere\]$/);
		}),
	);
});
