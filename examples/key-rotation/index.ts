/**
 * Rotates the keys of devices without an outage: every device has a working key at any time.
 *
 *     npm run build && cd examples/key-rotation && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<connection string of the hub, policy registryReadWrite>'
 *     pulumi up
 *
 * Each phase is a change of this program, a `pulumi up`, and time for the devices to follow:
 *
 * 1. `secondary`: the key that no device uses gets a new value. Raise `share` from 10 to 100 while all goes well.
 * 2. Give the devices their new secondary keys, and let them connect with these.
 * 3. `swap`: the key that the devices use now becomes the primary one, as before. Or skip this phase, and rotate the two keys in turn.
 * 4. `secondary` with `generation` 2: the old key, which is now the secondary one, stops working.
 *
 * `pulumi config set iothub:maxKeyChanges 100` limits the number of devices whose keys one run may change.
 */
import { DeviceFleet, DeviceIdentity } from "pulumi-device-identity";

new DeviceIdentity("meter-0", {
	authentication: { type: "sas", rotation: { keyType: "secondary", generation: 1 } },
});

const meters = new DeviceFleet("meters", {
	devices: { "meter-1": {}, "meter-2": {}, "meter-3": {} },
	defaults: { status: "enabled" },
	rotation: { keyType: "secondary", generation: 1, share: 10 },
});

/** The number of meters in the fleet. */
export const count = meters.count;
