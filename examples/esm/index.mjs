/**
 * Declares one device, in an ECMAScript module. Pulumi loads it with `require`, which needs Node.js 20.19 or later.
 *
 *     npm run build && cd examples/esm && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi up
 */
import { DeviceIdentity } from "pulumi-device-identity";

const pump = new DeviceIdentity("pump-1", {
	status: "disabled",
	statusReason: "waits for its installation",
});

export const connectionString = pump.primaryConnectionString;
