import type { FleetKind } from "../../../provider/fleet/kind.ts";
import { deviceFleet, MEMBER } from "../../../provider/iothub/deviceFleet.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import type { Kind } from "../../../provider/lifecycle/kind.ts";
import { Plans } from "../../../provider/lifecycle/plans.ts";
import { surroundings } from "../../../provider/lifecycle/surroundings.ts";
import { VirtualClock } from "../virtualClock.ts";

/** The hub of the fleets that {@link fleetOf} makes. */
export const HUB = "fleet.example";

/** Fleets of such devices. */
export function fleetOf(kind: Kind<DeviceInputs>): FleetKind<DeviceInputs> {
	const around = surroundings({ say: () => {}, clock: new VirtualClock() });
	return deviceFleet({
		life: { kind: { ...kind, ...MEMBER }, around, plans: new Plans(), hidden: true },
		inFlight: 8,
		defaultHost: () => HUB,
	});
}
