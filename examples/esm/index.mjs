/**
 * One device, in an ECMAScript module. Pulumi loads it with `require`, which Node can do from 20.19 on.
 *
 *     npm run build && cd examples/esm && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy registryReadWrite>'
 *     pulumi up
 */
import { DeviceIdentity } from "pulumi-device-identity";

const pump = new DeviceIdentity("pump-1", {
	status: "disabled",
	statusReason: "waits for its installation",
});

export const connectionString = pump.primaryConnectionString;
