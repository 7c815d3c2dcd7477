import assert from "node:assert/strict";
import { test } from "node:test";
import { stateSize } from "../../../provider/fleet/size.ts";
import { autopilotFleet, MEMBER } from "../../../provider/graph/autopilotFleet.ts";
import { MANAGED } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { autopilotKind } from "../../../provider/graph/autopilotIdentity.kind.ts";
import { Plans } from "../../../provider/lifecycle/plans.ts";
import { surroundings } from "../../../provider/lifecycle/surroundings.ts";
import { VirtualClock } from "../../provider/virtualClock.ts";
import { deployedFleet, kiosk, kiosks, withTenant } from "./withFleet.ts";

const life = {
	kind: {
		...autopilotKind({
			strategy: "live",
			fields: MANAGED,
			connect: () => assert.fail("nothing is asked"),
		}),
		...MEMBER,
	},
	around: surroundings({ say: () => {}, clock: new VirtualClock() }),
	plans: new Plans(),
} as const;
const kind = autopilotFleet({ life, ofOneRun: () => assert.fail("nothing is run") });

test(
	"what state keeps of machines is foreseen with some room for more",
	withTenant(async (tenant) => {
		const machines = {
			...kiosks(5),
			named: kiosk("S-1", { serialNumber: "S-1", productKey: "12345-67890", displayName: "kiosk-1" }),
			bare: { hardwareIdentifier: kiosk("bare")["hardwareIdentifier"] },
		};
		const fleet = await deployedFleet(tenant, machines);
		const kept = Buffer.byteLength(String(fleet.output("__members")));
		const declared = new Map(Object.entries(machines));
		const foreseen = stateSize(kind, { fleet: {}, declared });
		assert.ok(foreseen >= kept + 24 * declared.size, `${foreseen} for ${kept}`);
		assert.ok(foreseen < 1.5 * kept, `${foreseen} for ${kept}`);
	}),
);
