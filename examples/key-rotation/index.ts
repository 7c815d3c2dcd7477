/**
 * New keys for devices without an outage: no device is ever without a key that works.
 *
 *     npm run build && cd examples/key-rotation && pulumi stack init dev
 *     pulumi config set --secret iothub:connectionString '<that of the hub, policy registryReadWrite>'
 *     pulumi up
 *
 * Each phase is a change of this program, a `pulumi up`, and time for the devices to follow:
 *
 * 1. `secondary`: the key that no device uses becomes a new one. Raise `share` from 10 to 100 as long as all goes well.
 * 2. The devices are given their new secondary keys, and connect with them.
 * 3. `swap`: what they use now is the primary key, as before. Or skip this, and go by turns.
 * 4. `secondary` with `generation` 2: the old key, which is the secondary one by now, stops working.
 *
 * `pulumi config set iothub:maxKeyChanges 100` keeps a mistake from changing more keys than that in one run.
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

/** How many meters there are besides. */
export const count = meters.count;
