import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	createMachineFleet,
	declareMachineFleet,
	deployMachineFleet,
	getMembers,
	type Machines,
	takeWriteCounts,
	withTenant,
} from "./withFleet.ts";

/** A machine whose hash was collected in a month. */
const collect = (serialNumber: string, month: number, more: Values = {}): Values => ({
	serialNumber,
	hardwareIdentifier: generateHardwareHash(serialNumber, { collectedAt: month }),
	groupTag: "Kiosk",
	...more,
});
const MARCH = { a: collect("5CG-A", 3), b: collect("5CG-B", 3), c: collect("5CG-C", 3) };

/** Deploys a fleet and makes its state look as release 0.1.0 wrote it, with fingerprints of the characters of hashes. */
async function deployOld(tenant: TenantStage, machines: Machines): Promise<Resource> {
	const fleet = await deployMachineFleet(tenant, machines);
	const { outputs, ...state } = fleet.known;
	const members = Object.entries(getMembers(fleet)).map(([name, member]) => {
		const { serialNumber, hardwareIdentifier } = machines[name] ?? {};
		const [serial, hash] = [serialNumber, hardwareIdentifier].map((text) =>
			createHash("sha256").update(String(text)).digest("hex").slice(0, 16),
		);
		return [name, { ...member, h: `serialNumber=${serial} hardwareIdentifier=${hash}` }];
	});
	fleet.state = { ...state, outputs: { ...outputs, __members: JSON.stringify(Object.fromEntries(members)) } };
	return fleet;
}

describe("Hashes that were collected again", () => {
	test(
		"are no change of a fleet",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, MARCH);
			const june = { a: collect("5CG-A", 6), b: collect("5CG-B", 6), c: collect("5CG-C", 6) };
			assert.equal(await fleet.up(declareMachineFleet(june)), "same");
			assert.deepEqual(tenant.words.said, []);
			assert.deepEqual(takeWriteCounts(tenant), {});
		}),
	);
	test(
		"find a renamed machine, also with a corrected serial number and a product key",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, MARCH);
			const june = {
				first: collect("5CG-A", 6, { productKey: "PK-1" }),
				b: collect("5CG-C", 6),
				c: collect("5CG-B", 6),
			};
			await fleet.up(declareMachineFleet(june));
			assert.deepEqual(takeWriteCounts(tenant), {});
			assert.match(tenant.words.said.join(), /3 to rename in state/);
			assert.equal((await fleet.plan(declareMachineFleet(june))).step, "same");
		}),
	);
	test(
		"declare one machine twice, which is an error with both names, also if the last deployment had both names",
		withTenant(async (tenant) => {
			const twice = { a: collect("5CG-A", 3), b: collect("5CG-A", 6) };
			const expected = /: b: declares the same machine as a; remove one of them\.$/;
			const created = createMachineFleet(tenant).plan(declareMachineFleet(twice));
			assert.match((await catchError(created)).message, expected);
			const fleet = await deployMachineFleet(tenant, MARCH);
			const changed = fleet.plan(declareMachineFleet({ ...MARCH, ...twice }));
			assert.match((await catchError(changed)).message, expected);
			assert.deepEqual(takeWriteCounts(tenant), {});
		}),
	);
	test(
		"that prove nothing are compared as text, and the plan says so once for each machine",
		withTenant(async (tenant) => {
			const blank = (month: number) => ({
				a: collect("5CG-A", month, {
					hardwareIdentifier: generateHardwareHash("5CG-A", {
						uuid: Buffer.alloc(16),
						collectedAt: month,
					}),
				}),
			});
			const fleet = await deployMachineFleet(tenant, blank(3));
			assert.equal((await fleet.plan(declareMachineFleet(blank(6)))).step, "update");
			const said = tenant.words.said.join("\n");
			assert.match(said, /will be replaced: hardwareIdentifier differs, and hashes are compared as text/);
			assert.match(said, /1 machine to replace \(a\)/);
			assert.equal(said.match(/compared as text/g)?.length, 1);
		}),
	);
});

describe("A fleet in a state of release 0.1.0", () => {
	test(
		"stays as it is with the same hashes, also under other names",
		withTenant(async (tenant) => {
			const fleet = await deployOld(tenant, MARCH);
			assert.equal((await fleet.plan(declareMachineFleet(MARCH))).step, "same");
			const renamed = { a: MARCH.b, b: MARCH.a, third: MARCH.c };
			await fleet.up(declareMachineFleet(renamed));
			assert.deepEqual(takeWriteCounts(tenant), {});
			assert.equal(tenant.control.machines.list().length, 3);
		}),
	);
	test(
		"gets the new fingerprints of hashes that were collected again, also of renamed machines, and deletes nothing",
		withTenant(async (tenant) => {
			const fleet = await deployOld(tenant, MARCH);
			const june = { a: collect("5CG-A", 6), b: collect("5CG-B", 6), third: collect("5CG-C", 6) };
			await fleet.up(declareMachineFleet(june));
			assert.deepEqual(takeWriteCounts(tenant), {});
			assert.equal(tenant.control.machines.list().length, 3);
			for (const { h } of Object.values(getMembers(fleet)))
				assert.match(String(h), / hardwareIdentifier=machine:[0-9a-f]{16}$/);
			tenant.words.said.splice(0);
			assert.equal((await fleet.plan(declareMachineFleet(MARCH))).step, "update");
			assert.deepEqual(tenant.words.said, ["Resource one: 1 machine to rename in state (third → c)"]);
		}),
	);
	test(
		"refuses a hash that the registration contradicts, with the name of the machine",
		withTenant(async (tenant) => {
			const fleet = await deployOld(tenant, MARCH);
			const hardwareIdentifier = generateHardwareHash("5CG-B", { collectedAt: 6, model: "Slate" });
			const machines = { ...MARCH, b: { ...MARCH.b, hardwareIdentifier } };
			const { message } = await catchError(fleet.plan(declareMachineFleet(machines)));
			assert.match(message, /^1 machine cannot be planned:\n {4}b: .* but its declared hash has "Slate"/);
			assert.deepEqual(takeWriteCounts(tenant), {});
		}),
	);
});

test(
	"A fleet accepts a serial number that is not the one in the hash from the member or the defaults",
	withTenant(async (tenant) => {
		const asset = { hardwareIdentifier: generateHardwareHash("Default string"), serialNumber: "PC-7" };
		const { message } = await catchError(createMachineFleet(tenant).plan(declareMachineFleet({ a: asset })));
		assert.match(message, /^: a: serialNumber is "PC-7", but .* "Default string", a placeholder of firmware/);
		const machines = { a: { ...asset, onSerialNumberMismatch: "accept" } };
		const fleet = await deployMachineFleet(tenant, machines);
		assert.equal((await fleet.plan(declareMachineFleet(machines))).step, "same");
		assert.equal(tenant.getMachine("Default string").id, getMembers(fleet)["a"]?.["i"]);
	}),
);
