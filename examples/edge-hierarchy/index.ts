/**
 * Declares two levels of IoT Edge gateways, and devices below each gateway.
 *
 *     npm run build && cd examples/edge-hierarchy && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi up
 *
 * A child refers to the scope of its parent, which the hub generates. The scope is an output, so Pulumi creates parents first and
 * deletes them last. If a gateway is created again, its children move to its new scope. A fleet refers to gateways that it does not
 * hold in `gateways`.
 */
import { DeviceFleet, DeviceIdentity } from "pulumi-device-identity";

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

new DeviceFleet("thermometers", {
	devices: {
		"thermometer-1": { parent: "plant" },
		"thermometer-2": { parent: "line" },
	},
	gateways: { plant: plant.deviceScope, line: line.deviceScope },
});

export const scopes = { plant: plant.deviceScope, line: line.deviceScope };
