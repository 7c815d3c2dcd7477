import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import {
	assertMachinesDeployed,
	assertReplaces,
	countQueuedImports,
	createMachineFleet,
	declareKiosk,
	declareKiosks,
	declareMachineFleet,
	deployMachineFleet,
	formatSerial,
	getMembers,
	omitMachines,
	takeRequestCounts,
	takeWriteCounts,
	withTenant,
} from "./withFleet.ts";

describe("A fleet of machines", () => {
	test(
		"is imported in one request, found unchanged, and deleted",
		withTenant(async (tenant) => {
			const fleet = createMachineFleet(tenant);
			const began = tenant.control.clock.now();
			assert.equal(await fleet.up(declareMachineFleet(declareKiosks(15))), "create");
			assert.ok(tenant.control.clock.now() - began < 120_000, "so many imports take as long as one");
			await assertMachinesDeployed(tenant, fleet, declareKiosks(15));
			tenant.requests.reset();
			await fleet.destroy();
			assert.deepEqual(takeWriteCounts(tenant), { remove: 15 });
			assert.deepEqual(tenant.control.machines.list(), []);
			assert.equal(fleet.state, undefined);
		}),
	);
	test(
		"that is declared again unchanged reads only members that a list omits",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(24));
			assert.equal(await fleet.up(declareMachineFleet(declareKiosks(24))), "same");
			assert.deepEqual(takeRequestCounts(tenant), { read: 19, list: 1 });
		}),
	);
	test(
		"writes only the changed, the added and the removed machine",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(12));
			const machines = {
				...omitMachines(declareKiosks(12), formatSerial(3)),
				[formatSerial(4)]: declareKiosk(formatSerial(4), { groupTag: "Lobby" }),
				"PF-1": declareKiosk("PF-1"),
			};
			assert.equal(await fleet.up(declareMachineFleet(machines)), "update");
			const [plan] = tenant.words.said;
			assert.equal(
				plan,
				"Resource one: 1 machine to create (PF-1), 1 to change, 1 to delete (5CG0003):\n    groupTag: 5CG0004",
			);
			assert.deepEqual(takeWriteCounts(tenant), { queue: 1, discard: 1, change: 1, remove: 1 });
			await assertMachinesDeployed(tenant, fleet, machines);
		}),
	);
	test(
		"that only renames a machine changes only state",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			const { id } = tenant.getMachine(formatSerial(1));
			const rest = omitMachines(declareKiosks(3), formatSerial(1));
			const front = declareKiosk(formatSerial(1), { serialNumber: formatSerial(1) });
			assert.equal(await fleet.up(declareMachineFleet({ ...rest, front })), "update");
			assert.deepEqual(tenant.words.said, ["Resource one: 1 machine to rename in state (5CG0001 → front)"]);
			assert.deepEqual(takeWriteCounts(tenant), {});
			await assertMachinesDeployed(tenant, fleet, { ...rest, front });
			const lobby = { ...front, groupTag: "Lobby" };
			await fleet.up(declareMachineFleet({ ...rest, lobby }));
			assert.deepEqual(takeWriteCounts(tenant), { change: 1 });
			await assertMachinesDeployed(tenant, fleet, { ...rest, lobby });
			assert.equal(tenant.getMachine(formatSerial(1)).id, id);
		}),
	);
	test(
		"that swaps the names of two machines changes only state",
		withTenant(async (tenant) => {
			const named = (at: number) => declareKiosk(formatSerial(at), { serialNumber: formatSerial(at) });
			const [left, right] = [named(0), named(1)];
			const fleet = await deployMachineFleet(tenant, { left, right });
			const exchanged = { left: right, right: left };
			assert.equal(await fleet.up(declareMachineFleet(exchanged)), "update");
			assert.deepEqual(tenant.words.said, [
				"Resource one: 2 machines to rename in state (left → right, right → left)",
			]);
			assert.deepEqual(takeWriteCounts(tenant), {});
			await assertMachinesDeployed(tenant, fleet, exchanged);
			assert.equal(await fleet.up(declareMachineFleet(exchanged)), "same");
		}),
	);
	test(
		"that gives a machine's name to another machine deletes only the former",
		withTenant(async (tenant) => {
			const named = (at: number) => declareKiosk(formatSerial(at), { serialNumber: formatSerial(at) });
			const [first, second, third] = [named(0), named(1), named(2)];
			const fleet = await deployMachineFleet(tenant, { a: first, b: second });
			const { id } = tenant.getMachine(formatSerial(1));
			await fleet.up(declareMachineFleet({ a: second, b: third }));
			assert.deepEqual(takeWriteCounts(tenant), { queue: 1, discard: 1, remove: 1 });
			await assertMachinesDeployed(tenant, fleet, { a: second, b: third });
			tenant.requests.reset();
			await fleet.up(declareMachineFleet({ b: second }));
			assert.deepEqual(takeWriteCounts(tenant), { remove: 1 });
			await assertMachinesDeployed(tenant, fleet, { b: second });
			assert.equal(tenant.getMachine(formatSerial(1)).id, id);
		}),
	);
	test(
		"does not confuse a machine with a renamed one that has the same serial number",
		withTenant(async (tenant) => {
			const twin = (model: string) => ({
				serialNumber: "Default string",
				hardwareIdentifier: generateHardwareHash("Default string", { model }),
			});
			const fleet = await deployMachineFleet(tenant, { old: twin("T1") });
			await fleet.up(declareMachineFleet({ new: twin("T2") }));
			assert.deepEqual(takeWriteCounts(tenant), { queue: 1, discard: 1, remove: 1 });
			await assertMachinesDeployed(tenant, fleet, { new: twin("T2") });
		}),
	);
	test(
		"does not guess which of several identical machines was renamed",
		withTenant(async (tenant) => {
			const alike = { serialNumber: "Default string" };
			tenant.control.machines.seed([
				alike,
				{ ...alike, hardwareIdentifier: generateHardwareHash("another board") },
			]);
			const { inputs, ...found } = (await tenant.open().findAdoptable({})).toFleet().fleet;
			const fleet = createMachineFleet(tenant);
			fleet.state = { ...found, inputs, initErrors: [] };
			const plan = await fleet.plan(declareMachineFleet({ front: alike }, { adopt: true }));
			assert.match(
				tenant.words.said.join("\n"),
				/^Resource one: 1 machine to create \(front\), 2 to delete /,
			);
			assert.equal(plan.step, "update");
		}),
	);
	test(
		"does not change undeclared fields when it changes declared ones",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, { a: { ...declareKiosk("a"), displayName: "lobby" } });
			tenant.control.machines.change(tenant.getMachine("a").id, { addressableUserName: "Ada" });
			await fleet.refresh();
			const machines = { a: { ...declareKiosk("a", { groupTag: "Lobby" }), displayName: "lobby" } };
			await fleet.up(declareMachineFleet(machines));
			const { addressableUserName, displayName } = tenant.getMachine("a");
			assert.deepEqual([addressableUserName, displayName], ["Ada", "lobby"]);
			await assertMachinesDeployed(tenant, fleet, machines);
		}),
	);
	test(
		"can give any names to machines with one serial number",
		withTenant(async (tenant) => {
			const twin = (uuid: string) => ({
				serialNumber: "Default string",
				hardwareIdentifier: generateHardwareHash("Default string", { uuid: Buffer.alloc(16, uuid) }),
			});
			const machines = { left: twin("l"), right: twin("r") };
			const fleet = await deployMachineFleet(tenant, machines);
			await assertMachinesDeployed(tenant, fleet, machines);
			await fleet.up(declareMachineFleet({ right: machines.right }));
			assert.equal(tenant.getMachine("Default string").hardwareIdentifier, machines.right.hardwareIdentifier);
		}),
	);
	test(
		"keeps in state what the next run needs of each machine, and no hash",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(2));
			const { id } = tenant.getMachine(formatSerial(0));
			const { e, h, ...member } = getMembers(fleet)[formatSerial(0)] ?? {};
			assert.deepEqual(member, { i: id, s: formatSerial(0), k: "", d: "groupTag", v: { groupTag: "Kiosk" } });
			assert.match(String(e), /^W\/"sha256-/);
			assert.match(String(h), /^serialNumber=[0-9a-f]{16} hardwareIdentifier=machine:[0-9a-f]{16}$/);
			assert.ok(
				!JSON.stringify(fleet.known.outputs).includes(generateHardwareHash(formatSerial(0)).slice(0, 60)),
			);
		}),
	);
});

describe("A machine with another hash", () => {
	const again = { hardwareIdentifier: generateHardwareHash(formatSerial(1), { model: "Repaired" }) };

	test(
		"is deleted, then imported",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			const machines = { ...declareKiosks(3), [formatSerial(1)]: declareKiosk(formatSerial(1), again) };
			await assertReplaces(tenant, fleet, { machines, name: formatSerial(1) });
		}),
	);
	test(
		"that the service refuses is deleted, and the next run imports its new declaration",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			const machines = { ...declareKiosks(3), [formatSerial(1)]: declareKiosk(formatSerial(1), again) };
			tenant.control.machines.failImport({
				serialNumber: formatSerial(1),
				error: "ZtdDeviceDuplicated",
			});
			await assert.rejects(
				fleet.up(declareMachineFleet(machines)),
				/^PartialError: 1 of 1 machine failed:\n {4}5CG0001: /,
			);
			assert.deepEqual(tenant.control.machines.find(formatSerial(1)), []);
			assert.equal(fleet.getOutput("count"), 2);
			tenant.words.said.splice(0);
			await fleet.up(declareMachineFleet(machines));
			assert.deepEqual(tenant.words.said, ["Resource one: 1 machine to create (5CG0001)"]);
			await assertMachinesDeployed(tenant, fleet, machines);
		}),
	);
});

describe("Machines that fail", () => {
	test(
		"to import do not stop the others, and the next run imports only those",
		withTenant(async (tenant) => {
			for (const at of [1, 4])
				tenant.control.machines.failImport({
					hardwareIdentifier: generateHardwareHash(formatSerial(at)),
					error: "ZtdDeviceDuplicated",
				});
			const fleet = createMachineFleet(tenant);
			const { message } = await catchError(fleet.up(declareMachineFleet(declareKiosks(8))));
			assert.match(message, /^2 of 8 machines failed; the others are as declared:\n/);
			for (const at of [1, 4])
				assert.match(message, new RegExp(`^ {4}${formatSerial(at)}: .*ZtdDeviceDuplicated`, "m"));
			assert.equal(fleet.getOutput("count"), 6);
			tenant.words.said.splice(0);
			tenant.requests.reset();
			assert.equal(await fleet.up(declareMachineFleet(declareKiosks(8))), "update");
			assert.equal(tenant.words.said[0], "Resource one: 2 machines to create (5CG0001, 5CG0004)");
			assert.equal(countQueuedImports(tenant), 2);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(8));
		}),
	);
});
