/**
 * Declares the devices of a CSV file as one resource: two gateways, the devices below each, and others.
 *
 *     npm run build && cd examples/fleet-file && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi up
 *
 * Edit the file in a spreadsheet; `pulumi preview --diff` then shows what would change. `readFleet` also reads JSON, NDJSON, YAML and
 * the export of a hub. The format follows from the extension.
 */
import { join } from "node:path";
import { DeviceFleet, readFleet } from "pulumi-device-identity";

const plant = new DeviceFleet("plant", { devices: readFleet(join(__dirname, "plant.csv")) });

/** The number of devices. */
export const devices = plant.count;
