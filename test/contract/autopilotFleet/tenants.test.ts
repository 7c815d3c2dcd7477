import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OTHER_TENANT_ID, TENANT_ID } from "../../emulator/emulator.ts";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	assertMachinesDeployed,
	createMachineFleet,
	declareKiosks,
	declareMachineFleet,
	deployMachineFleet,
	openMachineFleets,
	withTenant,
} from "./withFleet.ts";

const WRONG = RegExp(
	`belong to the Entra tenant ${TENANT_ID}, but the sign-in \\(.*\\) is to the tenant ${OTHER_TENANT_ID}`,
);

/** Continues the stack of a fleet in processes that are signed in to the other tenant. */
function signInElsewhere(tenant: TenantStage, { state }: Resource, config = {}): Resource {
	const elsewhere = createMachineFleet(tenant, { credential: tenant.foreignToken, config });
	elsewhere.state = state;
	return elsewhere;
}

/** Removes the record of the tenant, as releases before it wrote state. */
function forgetTenant(fleet: Resource): void {
	const { tenantId: _, ...outputs } = fleet.known.outputs;
	fleet.state = { ...fleet.known, outputs };
}

describe("A run on a fleet that is signed in to another tenant", () => {
	const RUNS: Readonly<Record<string, (fleet: Resource) => Promise<unknown>>> = {
		"an unchanged plan": (fleet) => fleet.plan(declareMachineFleet(declareKiosks(30))),
		"an update that adds and removes machines": (fleet) => fleet.up(declareMachineFleet(declareKiosks(31))),
		"an update that removes all machines": (fleet) => fleet.up(declareMachineFleet({})),
		"a refresh": (fleet) => fleet.refresh(),
		"a deletion": (fleet) => fleet.destroy(),
	};
	for (const [name, run] of Object.entries(RUNS)) {
		test(
			`stops ${name} with one error, before any request, and keeps state`,
			withTenant(async (tenant) => {
				const fleet = await deployMachineFleet(tenant, declareKiosks(30));
				const elsewhere = signInElsewhere(tenant, fleet);
				const { message } = await catchError(run(elsewhere));
				assert.equal(message.split(WRONG).length, 2, message);
				assert.match(message, /\[WrongTenant\]/);
				assert.doesNotMatch(tenant.words.said.join(), /outside Pulumi/);
				assert.equal(elsewhere.getOutput("count"), 30);
				assert.equal(elsewhere.getOutput("__members"), fleet.getOutput("__members"));
				assert.equal(tenant.requests.count(), 0);
				await assertMachinesDeployed(tenant, fleet, declareKiosks(30));
			}),
		);
	}

	test(
		"registers nothing there for a fleet that has no machines yet",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(1));
			await fleet.up(declareMachineFleet({}));
			assert.equal(fleet.getOutput("tenantId"), TENANT_ID);
			const elsewhere = signInElsewhere(tenant, fleet);
			const { message } = await catchError(elsewhere.up(declareMachineFleet(declareKiosks(3))));
			assert.match(message, WRONG);
			assert.deepEqual(tenant.control.otherTenantMachines.list(), []);
		}),
	);

	test(
		"is not believed by a report either",
		withTenant(async (tenant) => {
			const { outputs } = (await deployMachineFleet(tenant, declareKiosks(3))).known;
			const provider = tenant.open({ credential: tenant.foreignToken }).autopilotFleet;
			const { done, failed } = await provider.inspectMembers(outputs, () => ({ consistency: "eventual" }));
			assert.equal(done.size, 0);
			assert.match([...failed.values()][0]?.message ?? "", WRONG);
			const again = openMachineFleets(tenant, { credential: tenant.foreignToken });
			await catchError(again.inspectResource("autopilot", outputs, { consistency: "strong" }));
			assert.equal(tenant.requests.count(), 0);
		}),
	);
});

describe("The tenant of a fleet", () => {
	test(
		"is one output of the fleet, also if some machines failed",
		withTenant(async (tenant) => {
			tenant.control.machines.failImport({ serialNumber: "5CG0001", error: "InvalidZtdHardwareHash" });
			const fleet = createMachineFleet(tenant);
			await catchError(fleet.up(declareMachineFleet(declareKiosks(3))));
			assert.equal(fleet.getOutput("tenantId"), TENANT_ID);
			assert.doesNotMatch(String(fleet.getOutput("__members")), RegExp(TENANT_ID));
			await fleet.up(declareMachineFleet(declareKiosks(3)));
			await fleet.refresh();
			assert.equal(fleet.getOutput("tenantId"), TENANT_ID);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(3));
		}),
	);

	test(
		"is no change of a state without it, and is recorded by a refresh or a write",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			forgetTenant(fleet);
			assert.equal((await fleet.plan(declareMachineFleet(declareKiosks(3)))).step, "same");
			await fleet.refresh();
			assert.equal(fleet.getOutput("tenantId"), TENANT_ID);
			await assertMachinesDeployed(tenant, fleet, declareKiosks(3));
			forgetTenant(fleet);
			await fleet.up(declareMachineFleet(declareKiosks(4)));
			assert.equal(fleet.getOutput("tenantId"), TENANT_ID);
		}),
	);

	test(
		"changes with autopilot:formerTenantId, once its machines were moved",
		withTenant(async (tenant) => {
			const fleet = await deployMachineFleet(tenant, declareKiosks(3));
			for (const { id } of tenant.control.machines.list()) tenant.control.machines.remove(id);
			const moved = signInElsewhere(tenant, fleet, { "autopilot:formerTenantId": TENANT_ID });
			await moved.up(declareMachineFleet(declareKiosks(3)));
			assert.equal(moved.getOutput("tenantId"), OTHER_TENANT_ID);
			assert.equal(tenant.control.otherTenantMachines.list().length, 3);
		}),
	);
});
