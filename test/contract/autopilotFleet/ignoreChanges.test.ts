import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { createMachineFleet, declareKiosk, declareMachineFleet, withTenant } from "./withFleet.ts";

describe("Ignored paths of a fleet of machines", () => {
	for (const path of ['machines["5CG0001"].groupTag', "machines.*.groupTag", "machines[*]"]) {
		test(
			`${path} covers a group tag that somebody changed`,
			withTenant(async (tenant) => {
				const fleet = createMachineFleet(tenant);
				fleet.ignoring = [path];
				const declared = declareMachineFleet({ "5CG0001": declareKiosk("5CG0001") });
				await fleet.up(declared);
				const [machine] = tenant.control.machines.list();
				tenant.control.machines.change(machine?.id ?? "", { groupTag: "Lab" });
				tenant.words.said.splice(0);
				assert.equal((await fleet.plan(declared)).step, "same");
				assert.equal(await fleet.refreshAndCompare(), false);
				const other = declareMachineFleet({ "5CG0001": declareKiosk("5CG0001", { groupTag: "Office" }) });
				assert.equal(await fleet.up(other), "same");
				assert.deepEqual(tenant.words.said, []);
				assert.equal(tenant.control.machines.list()[0]?.groupTag, "Lab");
			}),
		);
	}

	test(
		"an ignored hash does not replace the machine",
		withTenant(async (tenant) => {
			const fleet = createMachineFleet(tenant);
			fleet.ignoring = ["machines[*].hardwareIdentifier"];
			await fleet.up(declareMachineFleet({ "5CG0001": declareKiosk("5CG0001") }));
			const hardwareIdentifier = generateHardwareHash("5CG9999");
			const other = declareMachineFleet({ "5CG0001": declareKiosk("5CG0001", { hardwareIdentifier }) });
			assert.equal((await fleet.plan(other)).step, "same");
		}),
	);
});
