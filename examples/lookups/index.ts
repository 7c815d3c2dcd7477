/**
 * Questions to a hub, in previews too. Nothing is declared, nothing is changed.
 *
 *     npm run build && cd examples/lookups && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy service with registryRead>'
 *     pulumi config set deviceId pump-1
 *     pulumi preview
 */
import * as pulumi from "@pulumi/pulumi";
import { getDeviceIdentity, listDeviceIdentities, queryDevices } from "pulumi-device-identity";

const deviceId = new pulumi.Config().require("deviceId");

/** One device, from the registry itself. */
export const connection = getDeviceIdentity({ deviceId }).then(({ connectionState }) => connectionState);

/** All that may not connect. Lists and queries come from an index that may be minutes behind. */
export const disabled = listDeviceIdentities({ status: "disabled" }).then((list) =>
	list.map((device) => `${device.deviceId}: ${device.statusReason ?? "no reason given"}`).sort(),
);

/** Anything else that the hub's query language can ask. */
export const devicesBySite = queryDevices({
	query:
		"SELECT tags.site AS site, COUNT() AS devices FROM devices WHERE is_defined(tags.site) GROUP BY tags.site",
}).then((rows) => Object.fromEntries(rows.map(({ site, devices }) => [String(site), devices])));
