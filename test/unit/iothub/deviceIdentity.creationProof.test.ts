import assert from "node:assert/strict";
import { test } from "node:test";
import {
	addGeneratedKeys,
	proveDeviceCreation,
} from "../../../provider/iothub/deviceIdentity.creationProof.ts";
import { generateKey } from "../../../provider/iothub/keyRotation.ts";
import { CREATOR_INPUT } from "../../../provider/stateKeys.ts";
import { createDeviceInputs, createLiveDevice } from "./devices.ts";

const CREATOR = "organization/plant/dev/DeviceFleet/plant";
const CLASSIC = "my-hub.azure-devices.net";

const createInputs = (hubHostName: string) =>
	createDeviceInputs({ deviceId: "dev-1", hubHostName, [CREATOR_INPUT]: CREATOR } as object);

/** Returns a device with the keys that a release generated which kept the host name as it was configured. */
function createDeviceOf(hostName: string) {
	const generate = (slot: string) => generateKey([CREATOR, hostName, "dev-1", slot].join("\n"));
	const symmetricKey = { primaryKey: generate("primaryKey"), secondaryKey: generate("secondaryKey") };
	return createLiveDevice({ authentication: { type: "sas", symmetricKey } });
}

test("generated keys prove their creator under each host name of the hub", () => {
	for (const type of ["", "device.", "service."])
		assert.equal(
			proveDeviceCreation(createDeviceOf(`my-hub.${type}azure-devices.net`), { ...createInputs(CLASSIC) }),
			"proven",
		);
	for (const other of ["other.azure-devices.net", "my-hub.azure-devices.us"])
		assert.equal(proveDeviceCreation(createDeviceOf(other), { ...createInputs(CLASSIC) }), "refuted");
});

test("keys are generated for the hub's classic name", () => {
	for (const hostName of [CLASSIC, "my-hub.service.azure-devices.net"]) {
		const { authentication } = addGeneratedKeys(createInputs(hostName));
		assert.ok(authentication);
		const live = createLiveDevice({ authentication });
		for (const declared of [CLASSIC, "my-hub.device.azure-devices.net"])
			assert.equal(proveDeviceCreation(live, { ...createInputs(declared) }), "proven");
	}
});
