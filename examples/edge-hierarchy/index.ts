/**
 * IoT Edge gateways in two levels, and devices below each.
 *
 *     npm run build && cd examples/edge-hierarchy && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy registryReadWrite>'
 *     pulumi up
 *
 * A child names its parent by the parent's scope, which the hub makes. That is an output, so Pulumi creates parents
 * first and deletes them last, and a gateway that is created anew takes its children along.
 */
import { DeviceIdentity } from "pulumi-device-identity";

const plant = new DeviceIdentity("plant-gateway", { capabilities: { iotEdge: true } });

const line = new DeviceIdentity("line-gateway", {
	capabilities: { iotEdge: true },
	parentScopes: [plant.deviceScope],
});

for (const id of ["compressor-1", "compressor-2"]) {
	new DeviceIdentity(id, { deviceScope: plant.deviceScope });
}

for (const id of ["filler", "capper", "labeller"]) {
	new DeviceIdentity(id, { deviceScope: line.deviceScope });
}

export const scopes = { plant: plant.deviceScope, line: line.deviceScope };
