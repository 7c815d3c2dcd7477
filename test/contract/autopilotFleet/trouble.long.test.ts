import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UPLOAD } from "../autopilotIdentity/withTenant.ts";
import { failureOf } from "../scene.ts";
import {
	ASK,
	assertDeployed,
	declared,
	deployedFleet,
	fleetOn,
	kiosk,
	kiosks,
	queued,
	serial,
	withTenant,
} from "./withFleet.ts";

const REFUSED = { kind: "status", status: 400 } as const;

describe("Machines that fail", () => {
	test(
		"all of them leave nothing in state",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ error: "ZtdDeviceDuplicated", times: 3 });
			const fleet = fleetOn(tenant);
			assert.match((await failureOf(fleet.up(declared(kiosks(3))))).message, /^3 of 3 machines failed:\n/);
			assert.equal(fleet.state, undefined);
		}),
	);
	test(
		"to be finished after their import are kept as they are, and changed by the next run",
		withTenant(async (tenant) => {
			const machines = kiosks(3, { displayName: "lobby" });
			tenant.control.faults.add({ match: ASK.change, action: REFUSED });
			const fleet = fleetOn(tenant);
			assert.match((await failureOf(fleet.up(declared(machines)))).message, /^1 of 3 machines failed/);
			assert.equal(fleet.output("count"), 3);
			tenant.requests.reset();
			await fleet.up(declared(machines));
			assert.equal(queued(tenant), 0);
			await assertDeployed(tenant, fleet, machines);
		}),
	);
	test(
		"to be deleted stay in state until they are",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(4));
			tenant.control.machines.enrol(tenant.machine(serial(3)).id);
			const { message } = await failureOf(fleet.up(declared(kiosks(1))));
			assert.match(message, /^1 of 3 machines failed.*:\n {4}5CG0003: .*enrolled in Intune/);
			assert.equal(fleet.output("count"), 2);
			assert.match(
				(await failureOf(fleet.destroy())).message,
				/^1 of 2 machines not deleted:\n {4}5CG0003: /,
			);
			tenant.control.machines.unenrol(tenant.machine(serial(3)).id);
			await fleet.destroy();
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"to be deleted first are not replaced",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(2));
			const { id } = tenant.machine(serial(1));
			tenant.control.machines.enrol(id);
			const machines = { ...kiosks(2), [serial(1)]: kiosk(serial(1), { productKey: "00331-1" }) };
			assert.match((await failureOf(fleet.up(declared(machines)))).message, /5CG0001: .*enrolled in Intune/);
			assert.equal(tenant.machine(serial(1)).id, id);
			tenant.control.machines.unenrol(id);
			await fleet.up(declared(machines));
			await assertDeployed(tenant, fleet, machines);
		}),
	);
});

describe("An interrupted run", () => {
	test(
		"that made all machines knows them by the records of their imports, which go last",
		withTenant(async (tenant) => {
			tenant.control.faults.add({ match: ASK.discard, times: "always", action: REFUSED });
			const first = fleetOn(tenant);
			await first.up(declared(kiosks(22)));
			const told = tenant.words.said.splice(0).join("\n");
			assert.equal(told.match(/^The import's record \S+ of .* is left in Intune/gm)?.length, 20);
			assert.match(told, /^and 2 more$/m);
			tenant.control.faults.clear();
			const fleet = fleetOn(tenant);
			await fleet.up(declared(kiosks(22)));
			assert.deepEqual(tenant.words.said, []);
			assert.deepEqual(tenant.records(), []);
			await assertDeployed(tenant, fleet, kiosks(22));
		}),
	);
	test(
		"is no excuse for a machine that somebody changed meanwhile, unless it is to be adopted",
		withTenant(async (tenant) => {
			tenant.control.faults.add({ match: ASK.discard, times: "always", action: REFUSED });
			await fleetOn(tenant).up(declared(kiosks(3)));
			tenant.control.faults.clear();
			tenant.control.machines.change(tenant.machine(serial(1)).id, { groupTag: "Seized" });
			const fleet = fleetOn(tenant);
			const { message } = await failureOf(fleet.up(declared(kiosks(3))));
			assert.match(message, /^1 of 3 machines failed.*:\n {4}5CG0001: .*its groupTag was changed since/);
			await fleet.up(declared(kiosks(3), { adopt: true }));
			await assertDeployed(tenant, fleet, kiosks(3), { adopt: true });
		}),
	);
});

test(
	"A fleet by the routes of the seed's pages keeps the records that it needs, and takes them away with its machines",
	withTenant(async (tenant) => {
		const fleet = await deployedFleet(tenant, kiosks(4));
		assert.equal(tenant.records().length, 4);
		const machines = kiosks(3, { groupTag: "Lobby" });
		await fleet.up(declared(machines));
		await assertDeployed(tenant, fleet, machines);
		assert.equal(tenant.records().length, 3);
		await fleet.destroy();
	}, UPLOAD),
);
