import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMembers } from "../../../provider/fleet/declaredMembers.ts";
import { createFleetProvider } from "../../../provider/fleet/fleetProvider.ts";
import { estimateStateBytes } from "../../../provider/fleet/size.ts";
import type { Values } from "../../../provider/values.ts";
import { createKey, createTestFleetType, HUB, KEYS, SHA1 } from "./devices.ts";
import { createEmulatedHub } from "./emulatedHub.ts";

const GATEWAY = { capabilities: { iotEdge: true } };

/** Fleets whose devices have as much state as possible. */
const FLEETS: Readonly<Record<string, { devices: Readonly<Record<string, Values>>; rest?: Values }>> = {
	"that declare nothing": { devices: row(20, {}) },
	"that declare all they can": {
		devices: row(20, {
			status: "disabled",
			statusReason: 'being "repaired" €',
			authentication: { type: "sas", symmetricKey: KEYS },
			capabilities: { iotEdge: false },
		}),
	},
	"with certificates": {
		devices: {
			...row(10, {
				authentication: {
					type: "selfSigned",
					x509Thumbprint: { primaryThumbprint: SHA1, secondaryThumbprint: SHA1 },
				},
			}),
			ca: { authentication: { type: "certificateAuthority" } },
		},
	},
	"below gateways below each other": {
		devices: {
			"gateway-with-a-rather-long-name": GATEWAY,
			"cell-1": { ...GATEWAY, parent: "gateway-with-a-rather-long-name" },
			...row(20, { parent: "cell-1" }),
		},
	},
	"whose keys derive from a group's": { devices: row(20, {}), rest: { derivedFrom: createKey(7) } },
	"whose keys are rotated": {
		devices: row(20, { status: "enabled" }),
		rest: { rotation: { keyType: "secondary", generation: 20_261_130, share: 50 } },
	},
};

for (const [title, { devices, rest = {} }] of Object.entries(FLEETS)) {
	test(`the estimated size of the state of devices ${title} is not below the real size, and below 1.5 times of it`, async () => {
		const fleetType = createTestFleetType(createEmulatedHub().resourceType);
		const provider = createFleetProvider(fleetType);
		const declaredInputs = { hubHostName: HUB, devices: JSON.stringify(devices), ...rest };
		const { inputs, failures } = await provider.check({}, declaredInputs);
		assert.deepEqual(failures, []);
		const { outs } = await provider.create(inputs);
		const declared = parseMembers(inputs["devices"]) ?? new Map();
		const stateBytes = Buffer.byteLength(String(outs["__members"]));
		const estimated = estimateStateBytes(fleetType, { fleetInputs: inputs, declaredMembers: declared });
		assert.equal(outs["count"], Object.keys(devices).length);
		assert.ok(estimated >= stateBytes + 24 * declared.size, `${estimated} for ${stateBytes}`);
		assert.ok(estimated < 1.5 * stateBytes, `${estimated} for ${stateBytes}`);
	});
}

function row(count: number, device: Values): Readonly<Record<string, Values>> {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`sensor-${at}`, device]));
}
