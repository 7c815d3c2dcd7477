/**
 * Declares one device, in JavaScript (CommonJS).
 *
 *     npm run build && cd examples/javascript && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi up
 */
const { DeviceIdentity } = require("pulumi-device-identity");

const pump = new DeviceIdentity("pump-1", {
	status: "disabled",
	statusReason: "waits for its installation",
});

exports.connectionString = pump.primaryConnectionString;
