import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failureOf } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	assertDeployed,
	declared,
	deployedFleet,
	kiosk,
	kiosks,
	readOf,
	serial,
	withTenant,
	written,
} from "./withFleet.ts";

/** Somebody else tags one machine, takes one out of the tenant, and registers one again. */
function meddle(tenant: TenantStage): void {
	const { machines } = tenant.control;
	machines.change(tenant.machine(serial(1)).id, { groupTag: "Seized" });
	machines.remove(tenant.machine(serial(2)).id);
	machines.recreate(tenant.machine(serial(3)).id);
}

const TAGGED =
	/Machine 5CG0001 \(\S+\) was changed outside Pulumi since the last deployment:\n {4}groupTag: "Kiosk" at the last deployment, "Seized" now, "Kiosk" declared/;
const GONE = /Machine 5CG0002 \(\S+\) was deleted outside Pulumi since the last deployment/;
const AGAIN = /Machine 5CG0003 \(\S+\) was deleted .*, and the same one is there again as \S+/;

describe("Drift of a fleet of machines", () => {
	test(
		"is told for each machine by the plan, and put back",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(6));
			meddle(tenant);
			const { message } = await failureOf(fleet.up(declared(kiosks(6))));
			const said = tenant.words.said.join("\n");
			for (const told of [TAGGED, GONE, AGAIN]) assert.match(said, told);
			assert.match(said, /^2 machines to create \(5CG0002, 5CG0003\), 1 to change \(5CG0001\)$/m);
			assert.match(message, /^1 of 3 machines failed.*:\n {4}5CG0003: Machine 5CG0003 exists already/);
			assert.deepEqual(written(tenant), { change: 1, queueMany: 1, discard: 2 });
			await fleet.up(declared(kiosks(6), { adopt: true }));
			await assertDeployed(tenant, fleet, kiosks(6), { adopt: true });
		}),
	);
	test(
		"stops a plan whose onDrift is fail, with all that differ and nothing written",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(6), { onDrift: "fail" });
			meddle(tenant);
			const { message } = await failureOf(fleet.plan(declared(kiosks(6), { onDrift: "fail" })));
			assert.match(message, /^3 machines can't be planned:\n/);
			for (const told of [TAGGED, GONE, AGAIN]) assert.match(message, told);
			assert.deepEqual(written(tenant), {});
		}),
	);
	test(
		"is taken into state by a refresh that tells it, and the next plan tells it again and puts it back",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(6));
			const { inputs } = fleet.known;
			meddle(tenant);
			await fleet.refresh();
			const told = tenant.words.said.splice(0).join("\n");
			for (const each of [TAGGED, GONE, AGAIN]) assert.match(told, each);
			assert.equal(fleet.output("count"), 4);
			assert.deepEqual(fleet.known.inputs, inputs);
			await fleet.up(declared(kiosks(6), { adopt: true }));
			assert.match(tenant.words.said[0] ?? "", TAGGED);
			assert.equal(tenant.words.said[1], "2 machines to create (5CG0002, 5CG0003), 1 to change (5CG0001)");
			await assertDeployed(tenant, fleet, kiosks(6), { adopt: true });
		}),
	);
	test(
		"is still known after a refresh, and so is the hash, which replaces",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(2));
			tenant.control.machines.change(tenant.machine(serial(0)).id, { groupTag: "Seized" });
			await fleet.refresh();
			tenant.words.said.splice(0);
			const machines = { ...kiosks(2), [serial(0)]: kiosk(serial(0), { productKey: "00331-1" }) };
			await fleet.up(declared(machines));
			assert.equal(tenant.words.said[0], "1 machine to replace (5CG0000)");
			await assertDeployed(tenant, fleet, machines);
		}),
	);
	test(
		"that a refresh can't read leaves state as it was",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(3));
			const before = fleet.state;
			tenant.control.faults.add({
				match: readOf(tenant.machine(serial(1))),
				times: "always",
				action: { kind: "status", status: 400 },
			});
			const { message } = await failureOf(fleet.refresh());
			assert.match(message, /^1 of 3 machines can't be read:\n {4}5CG0001: /);
			assert.deepEqual(fleet.state, before);
		}),
	);
	test(
		"is found by a look that says and writes nothing",
		withTenant(async (tenant) => {
			const fleet = await deployedFleet(tenant, kiosks(6));
			const { id, outputs } = fleet.known;
			const look = () => tenant.open().autopilotFleet.inspect(id, outputs, { how: "exactly" });
			assert.equal((await look()).status, "unchanged");
			meddle(tenant);
			const { status, differences, told = "" } = await look();
			assert.equal(status, "changed");
			assert.deepEqual(
				differences.map(({ path }) => path),
				["5CG0001.groupTag"],
			);
			for (const each of [TAGGED, GONE, AGAIN]) assert.match(told, each);
			assert.deepEqual(tenant.words.said, []);
			assert.deepEqual(written(tenant), {});
		}),
	);
});
