/**
 * Takes over a device that somebody created by hand. The device keeps its keys, its scope and everything that is not declared
 * here. Without `adopt`, the program would fail with `[AlreadyExists]`.
 *
 *     npm run build && cd examples/adopt && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi config set deviceId boiler-1
 *     pulumi up
 *
 * State does not keep the device's keys. A program that needs them looks them up; the result is a secret, too.
 */
import * as pulumi from "@pulumi/pulumi";
import { DeviceIdentity, getDeviceCredentials } from "pulumi-device-identity";

const boiler = new DeviceIdentity("boiler", {
	deviceId: new pulumi.Config().require("deviceId"),
	adopt: true,
	storeCredentials: false,
	statusReason: "declared in Git",
});

/**
 * The only output that is derived from the credentials. The lookup uses `id`, which is unknown until the device exists; `deviceId` is
 * known before.
 */
export const hasKeys = getDeviceCredentials({ deviceId: boiler.id }).apply(({ type }) => type === "sas");
