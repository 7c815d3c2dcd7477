import assert from "node:assert/strict";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { testOwnedScenario } from "./scenario.ts";

const KIOSK = { serialNumber: "5CG1", hardwareIdentifier: generateHardwareHash("5CG1") };

testOwnedScenario("a preview rejects duplicate declarations and shows the rest", [
	{
		run: "preview",
		resources: {
			pump: { type: "DeviceIdentity" },
			again: { type: "DeviceIdentity", deviceId: "pump" },
			tank: { type: "DeviceIdentity" },
			north: { type: "DeviceFleet", devices: { tank: {}, valve: {} } },
			south: { type: "DeviceFleet", devices: { valve: {} }, hubHostName: "FLEET.azure-devices.net" },
			east: { type: "DeviceFleet", devices: { valve: {} }, hubHostName: "east.azure-devices.net" },
			kiosk: { type: "AutopilotIdentity", ...KIOSK },
			kiosks: { type: "AutopilotFleet", machines: { first: KIOSK } },
		},
		exit: 1,
		steps: ["again", "east", "kiosk", "kiosks", "north", "pump", "south", "tank"].map(
			(name) => `create ${name}`,
		),
		says: [
			/DeviceIdentity again declares device pump in hub fleet\.azure-devices\.net, which DeviceIdentity pump also declares\..*\[DeclaredTwice\]/,
			/DeviceFleet north declares device tank in hub fleet\.azure-devices\.net, which DeviceIdentity tank also declares\./,
			/DeviceFleet south declares device valve in hub fleet\.azure-devices\.net, which DeviceFleet north also declares\./,
			/AutopilotFleet kiosks declares machine 5CG1 in Windows Autopilot, which AutopilotIdentity kiosk also declares\./,
		],
		see({ outcome, requests }) {
			assert.deepEqual(
				Object.keys(requests),
				["GET /_identity/token"],
				"a preview signs in and requests nothing else",
			);
			const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
			const first = errors.find(({ message }) => message.startsWith("DeviceIdentity again"));
			assert.match(first?.urn ?? "", /::again$/);
			assert.doesNotMatch(outcome.output, /^\s+at /m);
			assert.ok(!outcome.output.includes(KIOSK.hardwareIdentifier));
		},
	},
]);
