/**
 * One device. The hub makes its keys; what the device connects with comes out as a secret.
 *
 *     npm run build && cd examples/device && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy registryReadWrite>'
 *     pulumi up
 *     pulumi stack output --show-secrets connectionString
 */
import { DeviceIdentity } from "pulumi-device-identity";

const pump = new DeviceIdentity("pump-1", {
	status: "enabled",
	statusReason: "in service since the spring overhaul",
});

export const connectionString = pump.primaryConnectionString;
