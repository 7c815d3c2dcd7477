import type { FleetType } from "../../../provider/fleet/kind.ts";
import { createDeviceFleetType, DEVICE_MEMBER } from "../../../provider/iothub/deviceFleet.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import type { ResourceType } from "../../../provider/lifecycle/kind.ts";
import { PlanCache } from "../../../provider/lifecycle/plans.ts";
import { createRuntimeContext } from "../../../provider/lifecycle/surroundings.ts";
import { TestClock } from "../virtualClock.ts";

/** The hub of the fleets that {@link createTestFleetType} makes. */
export const HUB = "fleet.example";

/** Fleets of such devices. */
export function createTestFleetType(kind: ResourceType<DeviceInputs>): FleetType<DeviceInputs> {
	const around = createRuntimeContext({ warn: () => {}, clock: new TestClock() });
	return createDeviceFleetType({
		memberContext: { resourceType: { ...kind, ...DEVICE_MEMBER }, runtime: around, planCache: new PlanCache(), isHiddenFromDisplay: true },
		maxInFlight: 8,
		getDefaultHost: () => HUB,
	});
}
