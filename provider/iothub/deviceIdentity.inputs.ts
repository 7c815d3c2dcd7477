import type { Unwrap } from "@pulumi/pulumi";
import type { DeviceIdentityArgs } from "../sdk/deviceIdentity.ts";

/** What a user declared of a device, resolved and completed: nothing is an output any more. */
export type DeviceInputs = Omit<Unwrap<DeviceIdentityArgs>, "deviceId" | "hubHostName"> & {
	deviceId: string;
	hubHostName: string;
};

/** How a device proves itself to the hub. */
export type DeviceAuthentication = Exclude<DeviceInputs["authentication"], undefined>;
