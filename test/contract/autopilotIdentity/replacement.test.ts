import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, withTenant } from "./withTenant.ts";

const FIVE_MINUTES = 300_000;

/** A hash of the same serial number: the mainboard was replaced. */
const REPAIRED = generateHardwareHash(SERIAL, { model: "Repaired" });

describe("A machine is replaced", () => {
	const changes: readonly (readonly [string, object, readonly string[]])[] = [
		[
			"serial number and hash",
			{ serialNumber: "5CG-2", hardwareIdentifier: generateHardwareHash("5CG-2") },
			["serialNumber", "hardwareIdentifier"],
		],
		["hardware hash", { hardwareIdentifier: REPAIRED }, ["hardwareIdentifier"]],
	];
	for (const [what, change, replaces] of changes) {
		test(
			`for another ${what}: it is deleted, and imported once it is gone`,
			withTenant(
				async (tenant) => {
					const first = { ...PRESS, productKey: "PK-1" };
					const resource = await tenant.deploy(first);
					const { id } = resource.known;
					const plan = await resource.plan({ ...first, ...change });
					assert.deepEqual(plan.replaces, replaces);
					tenant.control.faults.add({
						match: ASK.queue,
						action: {
							kind: "run",
							run: () => assert.equal(tenant.control.machines.get(id), undefined, "gone before the import"),
						},
					});
					await plan.apply();
					assert.notEqual(resource.known.id, id);
					assert.equal(tenant.control.machines.list().length, 1);
					assert.deepEqual(tenant.words.thrown, []);
					await assertMachineInStep(tenant, resource, { ...first, ...change });
				},
				{ autopilot: { deleteDelay: FIVE_MINUTES } },
			),
		);
	}
	test(
		"while the service still knows the hash of a machine that is no longer listed: the import is retried",
		withTenant(
			async (tenant) => {
				tenant.control.machines.failImport({ error: "ZtdDeviceAlreadyAssigned", times: 2 });
				const resource = await tenant.deploy(PRESS);
				assert.equal(tenant.requests.count(ASK.queue), 3);
				assert.deepEqual(tenant.words.thrown, []);
				await assertMachineInStep(tenant, resource, PRESS);
			},
			{ autopilot: { importDelay: 20_000 } },
		),
	);
	test(
		"and an error reports a service that never forgets the hash",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ error: "ZtdDeviceAlreadyAssigned", times: 99 });
			const { message } = await catchError(tenant.deploy(PRESS));
			assert.match(message, /none is listed with this serial number \(806, ZtdDeviceAlreadyAssigned\)/);
			assert.match(message, /If it was deleted just now, run the command again later/);
			assert.ok(tenant.requests.count(ASK.queue) <= 5);
		}),
	);
});
