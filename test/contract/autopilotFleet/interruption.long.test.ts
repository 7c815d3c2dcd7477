import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	assertMachinesDeployed,
	countQueuedImports,
	createMachineFleet,
	declareKiosk,
	declareKiosks,
	declareMachineFleet,
	deployMachineFleet,
	formatSerial,
	omitMachines,
	withTenant,
} from "./withFleet.ts";

const REFUSED = { kind: "status", status: 400 } as const;

/** After this number of requests every request fails, as if the process had died. */
async function killAfterRequests(
	tenant: TenantStage,
	after: number,
	work: () => Promise<unknown>,
): Promise<void> {
	tenant.control.faults.add({ match: { path: "^/v1.0/" }, nth: after + 1, times: "always", action: REFUSED });
	await catchError(work());
	tenant.control.faults.clear();
	tenant.requests.reset();
}

describe("An interrupted run", () => {
	for (const after of [1, 2, 4, 8, 15]) {
		test(
			`that received ${after} responses while it created six machines, and left no state, is resumed`,
			withTenant(async (tenant) => {
				await killAfterRequests(tenant, after, () =>
					createMachineFleet(tenant).up(declareMachineFleet(declareKiosks(6))),
				);
				const { length: known } = tenant.listRecords();
				tenant.pass(120_000);
				const fleet = createMachineFleet(tenant);
				assert.equal(await fleet.up(declareMachineFleet(declareKiosks(6))), "create");
				assert.equal(countQueuedImports(tenant), 6 - known);
				await assertMachinesDeployed(tenant, fleet, declareKiosks(6));
			}),
		);
	}
	for (const after of [3, 5, 7, 9, 11]) {
		test(
			`of an update that received ${after} responses is completed by the next run`,
			withTenant(async (tenant) => {
				const fleet = await deployMachineFleet(tenant, declareKiosks(4));
				const before = fleet.state;
				const machines = {
					...omitMachines(declareKiosks(4), formatSerial(0)),
					[formatSerial(1)]: declareKiosk(formatSerial(1), { productKey: "00331-1" }),
					[formatSerial(2)]: declareKiosk(formatSerial(2), { groupTag: "Lobby" }),
					new: declareKiosk("new"),
				};
				const { apply } = await fleet.plan(declareMachineFleet(machines));
				await killAfterRequests(tenant, after, apply);
				fleet.state = before;
				tenant.pass(120_000);
				await fleet.up(declareMachineFleet(machines));
				await assertMachinesDeployed(tenant, fleet, machines);
			}),
		);
	}
});
