import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failureOf } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	assertDeployed,
	declared,
	deployedFleet,
	fleetOn,
	kiosk,
	kiosks,
	queued,
	serial,
	without,
	withTenant,
} from "./withFleet.ts";

const REFUSED = { kind: "status", status: 400 } as const;

/** From this many requests on nothing gets through any more, as if the process had died. */
async function dying(tenant: TenantStage, after: number, work: () => Promise<unknown>): Promise<void> {
	tenant.control.faults.add({ match: { path: "^/v1.0/" }, nth: after + 1, times: "always", action: REFUSED });
	await failureOf(work());
	tenant.control.faults.clear();
	tenant.requests.reset();
}

describe("An interrupted run", () => {
	for (const after of [1, 2, 4, 8, 15]) {
		test(
			`that got ${after} answers while it made six machines, and left no state, is taken up`,
			withTenant(async (tenant) => {
				await dying(tenant, after, () => fleetOn(tenant).up(declared(kiosks(6))));
				const { length: known } = tenant.records();
				tenant.pass(120_000);
				const fleet = fleetOn(tenant);
				assert.equal(await fleet.up(declared(kiosks(6))), "create");
				assert.equal(queued(tenant), 6 - known);
				await assertDeployed(tenant, fleet, kiosks(6));
			}),
		);
	}
	for (const after of [3, 5, 7, 9, 11]) {
		test(
			`of an update that got ${after} answers is finished by the next one`,
			withTenant(async (tenant) => {
				const fleet = await deployedFleet(tenant, kiosks(4));
				const before = fleet.state;
				const machines = {
					...without(kiosks(4), serial(0)),
					[serial(1)]: kiosk(serial(1), { productKey: "00331-1" }),
					[serial(2)]: kiosk(serial(2), { groupTag: "Lobby" }),
					new: kiosk("new"),
				};
				const { apply } = await fleet.plan(declared(machines));
				await dying(tenant, after, apply);
				fleet.state = before;
				tenant.pass(120_000);
				await fleet.up(declared(machines));
				await assertDeployed(tenant, fleet, machines);
			}),
		);
	}
});
