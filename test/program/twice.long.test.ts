import assert from "node:assert/strict";
import { testOwnedScenario } from "./scenario.ts";

const PUMP = { type: "DeviceIdentity", deviceId: "pump-1" };

testOwnedScenario("a single declaration never counts as a duplicate, however it moves", [
	{
		run: "up",
		resources: {
			pump: PUMP,
			valve: { type: "DeviceIdentity" },
			north: { type: "DeviceFleet", devices: { a: {}, b: {} } },
		},
		steps: ["create north", "create pump", "create valve"],
	},
	{
		run: "up",
		resources: {
			renamed: { ...PUMP, opts: { aliases: [{ name: "pump" }], retainOnDelete: true } },
			valve: { type: "DeviceIdentity", deviceId: "valve-2" },
			south: { type: "DeviceFleet", devices: { b: {} }, adopt: true },
			north: { type: "DeviceFleet", devices: { a: {} }, opts: { after: ["south"] } },
		},
		steps: [
			"create south",
			"create-replacement valve",
			"delete-replaced valve",
			"replace valve",
			"update north",
			// State gets the new name; nothing is written to the hub.
			"update renamed",
		],
	},
	{
		run: "up",
		resources: {
			west: { type: "DeviceFleet", devices: { "pump-1": {} }, adopt: true },
			valve: { type: "DeviceIdentity", deviceId: "valve-2" },
			look: { type: "DeviceIdentity", read: "valve-2" },
			south: { type: "DeviceFleet", devices: { b: {} }, adopt: true },
			north: { type: "DeviceFleet", devices: { a: {} } },
		},
		see: ({ emulator }) =>
			assert.deepEqual(
				emulator.control.devices
					.list()
					.map(({ deviceId }) => deviceId)
					.sort(),
				["a", "b", "pump-1", "valve-2"],
			),
	},
	{
		run: "preview",
		resources: {
			west: { type: "DeviceFleet", devices: { "pump-1": {} }, adopt: true },
			valve: { type: "DeviceIdentity", deviceId: "valve-2" },
			south: { type: "DeviceFleet", devices: { b: {} }, adopt: true },
			north: { type: "DeviceFleet", devices: { a: {} } },
			pump: PUMP,
			more: { type: "DeviceFleet", devices: { a: {}, "valve-2": {} } },
		},
		exit: 1,
		says: [
			/DeviceIdentity pump declares device pump-1 in hub \S+, which DeviceFleet west also declares\./,
			/DeviceFleet more declares device valve-2 in hub \S+, which DeviceIdentity valve also declares\./,
			/DeviceFleet more declares device a in hub \S+, which DeviceFleet north also declares\./,
		],
	},
]);
