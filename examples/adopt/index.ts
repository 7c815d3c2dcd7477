/**
 * A device that somebody registered by hand is taken over. It keeps its keys, its scope and all that is not declared
 * here; without `adopt` the program would fail and say so.
 *
 *     npm run build && cd examples/adopt && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy registryReadWrite>'
 *     pulumi config set deviceId boiler-1
 *     pulumi up
 *
 * Nor are its keys kept in state. Who needs them looks them up; the answer is a secret, too.
 */
import * as pulumi from "@pulumi/pulumi";
import { DeviceIdentity, getDeviceCredentials } from "pulumi-device-identity";

const boiler = new DeviceIdentity("boiler", {
	deviceId: new pulumi.Config().require("deviceId"),
	adopt: true,
	storeCredentials: false,
	statusReason: "declared in Git",
});

/** Of the credentials only this leaves the program. `id` is not known before the device is there, `deviceId` is. */
export const hasKeys = getDeviceCredentials({ deviceId: boiler.id }).apply(({ type }) => type === "sas");
