/**
 * The devices of a CSV file as one resource, two gateways among them with the devices below each.
 *
 *     npm run build && cd examples/fleet-file && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy registryReadWrite>'
 *     pulumi up
 *
 * Whoever keeps the list edits it in a spreadsheet, and `pulumi preview --diff` shows what that would change. JSON,
 * NDJSON, YAML and what a hub exports are read as well, by the ending of the name.
 */
import { join } from "node:path";
import { DeviceFleet, readFleet } from "pulumi-device-identity";

const plant = new DeviceFleet("plant", { devices: readFleet(join(__dirname, "plant.csv")) });

/** How many devices there are. */
export const devices = plant.count;
