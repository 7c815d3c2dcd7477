/**
 * Declares devices at two hubs. Each hub has a provider of its own, whose arguments are its settings.
 *
 *     npm run build && cd examples/several-hubs && pulumi stack init dev
 *     pulumi config set --secret northConnectionString '<connection string of the hub in the north>'
 *     pulumi config set --secret southConnectionString '<connection string of the hub in the south>'
 *     pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import { DeviceFleet, DeviceIdentity } from "pulumi-device-identity";

/** A hub: the provider of dynamic resources, with the settings of one hub as arguments. */
class Hub extends pulumi.ProviderResource {
	constructor(name: string, settings: Record<string, pulumi.Input<string | number | boolean>>) {
		super("pulumi-nodejs", name, settings);
	}
}

const config = new pulumi.Config();

const north = new Hub("north", {
	"iothub:connectionString": config.requireSecret("northConnectionString"),
	"iothub:maxDeletes": 10,
});
const south = new Hub("south", {
	"iothub:connectionString": config.requireSecret("southConnectionString"),
	"iothub:onDrift": "fail",
});

const pump = new DeviceIdentity("pump-1", { status: "enabled" }, { provider: north });

const plant = new DeviceFleet(
	"plant",
	{ devices: { "meter-1": {}, "meter-2": { status: "disabled" } } },
	{ provider: south },
);

export const hubs = [pump.hubHostName, plant.hubHostName];
