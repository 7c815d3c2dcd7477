import type { Unwrap } from "@pulumi/pulumi";
import type { DeviceIdentityArgs } from "../sdk/deviceIdentity.ts";
import { asObject, type Values } from "../values.ts";

type DeclaredInputs = Unwrap<DeviceIdentityArgs>;

type DeclaredAuthentication = Exclude<DeclaredInputs["authentication"], undefined>;

/** How a device authenticates to the hub. A device in the hub may have a secondary thumbprint alone. */
export type DeviceAuthentication = Omit<DeclaredAuthentication, "x509Thumbprint"> & {
	x509Thumbprint?: Partial<Exclude<DeclaredAuthentication["x509Thumbprint"], undefined>>;
};

/** The inputs of a device, resolved and completed: none of them is a Pulumi output. */
export type DeviceInputs = Omit<DeclaredInputs, "deviceId" | "hubHostName" | "authentication"> & {
	deviceId: string;
	hubHostName: string;
	authentication?: DeviceAuthentication;
};

/** Whether a device is an IoT Edge gateway. */
export function isEdge({ capabilities }: Values): boolean {
	return asObject(capabilities)["iotEdge"] === true;
}
