import type { FleetType } from "../../../provider/fleet/fleetType.ts";
import { createDeviceFleetType, DEVICE_MEMBER } from "../../../provider/iothub/deviceFleet.type.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { createRuntimeContext } from "../../../provider/resource/context.ts";
import { PlanCache } from "../../../provider/resource/planCache.ts";
import type { LiveObject, ResourceType } from "../../../provider/resource/resourceType.ts";
import { TestClock } from "../doubles.ts";

/** Returns a key of 32 equal bytes. */
export function createKey(byte: number): string {
	return Buffer.alloc(32, byte).toString("base64");
}

export const KEYS = { primaryKey: createKey(1), secondaryKey: createKey(2) } as const;
export const SHA1 = "AB".repeat(20);
export const SHA256 = "cd".repeat(32);
export const SCOPE = "ms-azure-iot-edge://gw-1-639079488000000000";
export const OTHER_SCOPE = "ms-azure-iot-edge://gw-2-639079488000000000";

/** Returns the completed inputs of the device dev-1. */
export function createDeviceInputs(rest: Partial<DeviceInputs> = {}): DeviceInputs {
	return { deviceId: "dev-1", hubHostName: "fleet.example", ...rest };
}

/** Returns the live device dev-1. */
export function createLiveDevice(
	values: Partial<DeviceInputs> = {},
	computed: LiveObject<DeviceInputs>["computed"] = {},
): LiveObject<DeviceInputs> {
	return {
		etag: "MTA=",
		uid: "639079488000000000",
		values: {
			deviceId: "dev-1",
			status: "enabled",
			authentication: { type: "sas", symmetricKey: KEYS },
			capabilities: { iotEdge: false },
			...values,
		},
		computed: { generationId: "639079488000000000", ...computed },
	};
}

/** The host name of the fleets of {@link createTestFleetType}. */
export const HUB = "fleet.example";

/** Creates the type of fleets whose devices have this type. */
export function createTestFleetType(resourceType: ResourceType<DeviceInputs>): FleetType<DeviceInputs> {
	const runtime = createRuntimeContext({ warn: () => {}, clock: new TestClock() });
	return createDeviceFleetType({
		memberContext: {
			resourceType: { ...resourceType, ...DEVICE_MEMBER },
			runtime,
			planCache: new PlanCache(),
			isHiddenFromDisplay: true,
		},
		maxInFlight: 8,
		getDefaultHost: () => HUB,
	});
}
