/**
 * Declares one device. The hub generates its keys; its connection string is a secret output.
 *
 *     npm run build && cd examples/device && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi up
 *     pulumi stack output --show-secrets connectionString
 */
import { DeviceIdentity } from "pulumi-device-identity";

const pump = new DeviceIdentity("pump-1", {
	status: "enabled",
	statusReason: "in service since the spring overhaul",
});

export const connectionString = pump.primaryConnectionString;
