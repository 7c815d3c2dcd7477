/**
 * Reads from a hub, also in previews. The program declares no resource and changes nothing.
 *
 *     npm run build && cd examples/lookups && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy service with registryRead>'
 *     pulumi config set deviceId pump-1
 *     pulumi preview
 */
import * as pulumi from "@pulumi/pulumi";
import { getDeviceIdentity, listDeviceIdentities, queryDevices } from "pulumi-device-identity";

const deviceId = new pulumi.Config().require("deviceId");

/** The connection state of one device, from the registry itself. */
export const connection = getDeviceIdentity({ deviceId }).then(({ connectionState }) => connectionState);

/** All devices that may not connect. Lists and queries come from an index, which may be minutes behind. */
export const disabled = listDeviceIdentities({ status: "disabled" }).then((list) =>
	list.map((device) => `${device.deviceId}: ${device.statusReason ?? "no reason given"}`).sort(),
);

/** The number of devices at each site. `queryDevices` accepts any query in the hub's query language. */
export const devicesBySite = queryDevices({
	query:
		"SELECT tags.site AS site, COUNT() AS numberOfDevices FROM devices WHERE is_defined(tags.site) GROUP BY tags.site",
}).then((rows) =>
	Object.fromEntries(rows.map(({ site, numberOfDevices }) => [String(site), numberOfDevices])),
);
