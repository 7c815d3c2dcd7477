import type * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet } from "../../../provider/sdk/autopilotFleet.ts";
import { AutopilotIdentity } from "../../../provider/sdk/autopilotIdentity.ts";
import { DeviceFleet } from "../../../provider/sdk/deviceFleet.ts";
import { DeviceIdentity } from "../../../provider/sdk/deviceIdentity.ts";

/** The arguments of the machine in {@link RESOURCES}. */
export const machine = { serialNumber: "5CG1", hardwareIdentifier: "aGFzaA==" };

/** Declares a resource of each class with the fewest arguments, by the name of the class. */
export const RESOURCES: Readonly<
	Record<string, (name: string, opts?: pulumi.CustomResourceOptions) => pulumi.Resource>
> = {
	DeviceIdentity: (name, opts) => new DeviceIdentity(name, {}, opts),
	DeviceFleet: (name, opts) => new DeviceFleet(name, { devices: {} }, opts),
	AutopilotIdentity: (name, opts) => new AutopilotIdentity(name, machine, opts),
	AutopilotFleet: (name, opts) => new AutopilotFleet(name, { machines: {} }, opts),
};
