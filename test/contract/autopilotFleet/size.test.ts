import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateStateBytes } from "../../../provider/fleet/size.ts";
import { createAutopilotFleetType, MACHINE_MEMBER } from "../../../provider/graph/autopilotFleet.type.ts";
import { MANAGED_FIELDS } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { createAutopilotIdentityType } from "../../../provider/graph/autopilotIdentity.type.ts";
import { createRuntimeContext } from "../../../provider/resource/context.ts";
import { PlanCache } from "../../../provider/resource/planCache.ts";
import { TestClock } from "../../unit/doubles.ts";
import { declareKiosk, declareKiosks, deployMachineFleet, withTenant } from "./withFleet.ts";

const memberContext = {
	resourceType: {
		...createAutopilotIdentityType({
			strategy: "live",
			fields: MANAGED_FIELDS,
			connect: () => assert.fail("nothing is asked"),
		}),
		...MACHINE_MEMBER,
	},
	runtime: createRuntimeContext({ warn: () => {}, clock: new TestClock() }),
	planCache: new PlanCache(),
} as const;
const kind = createAutopilotFleetType({ memberContext, beginRun: () => assert.fail("nothing is run") });

test(
	"the predicted size of machines in state leaves some room",
	withTenant(async (tenant) => {
		const machines = {
			...declareKiosks(5),
			named: declareKiosk("S-1", { serialNumber: "S-1", productKey: "12345-67890", displayName: "kiosk-1" }),
			bare: { hardwareIdentifier: declareKiosk("bare")["hardwareIdentifier"] },
		};
		const fleet = await deployMachineFleet(tenant, machines);
		const kept = Buffer.byteLength(String(fleet.getOutput("__members")));
		const declared = new Map(Object.entries(machines));
		const foreseen = estimateStateBytes(kind, { fleetInputs: {}, declaredMembers: declared });
		assert.ok(foreseen >= kept + 24 * declared.size, `${foreseen} for ${kept}`);
		assert.ok(foreseen < 1.5 * kept, `${foreseen} for ${kept}`);
	}),
);
