import assert from "node:assert/strict";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { EXIT_FAILED } from "../engine/index.ts";
import { type Seen, testOwnedScenario } from "./scenario.ts";
import { createSeedId } from "./tenant.ts";

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

/** The registered machine that two resources declare: without a hash, so that the program cannot compare them. */
const SEED = { id: createSeedId(1), serialNumber: "5CG2", hardwareIdentifier: generateHardwareHash("5CG2") };
const SEEDED = { type: "AutopilotIdentity", serialNumber: "5CG2", adopt: true, groupTag: "Kiosk" };
const KEYED = { ...SEEDED, hardwareIdentifier: SEED.hardwareIdentifier };

/** Asserts that the machine is registered, and that nobody but the first adoption wrote it. */
function assertAdoptedOnce({ emulator }: Pick<Seen, "emulator">): void {
	const { revision, groupTag } = emulator.control.machines.list().find(({ id }) => id === SEED.id) ?? {};
	assert.deepEqual([revision, groupTag], [2, "Kiosk"]);
}

testOwnedScenario(
	"one machine that two resources adopt is refused to the second one, and stays when that is removed",
	[
		{
			run: "up",
			meanwhile: ({ emulator }) => void emulator.control.machines.seed([SEED]),
			resources: { front: SEEDED, back: { ...KEYED, groupTag: "Lab", opts: { after: ["front"] } } },
			exit: EXIT_FAILED,
			says: [
				/AutopilotIdentity 5CG2 is already in this stack: AutopilotIdentity front has it, and AutopilotIdentity back turns out to be the same object\. [\s\S]*\[DeclaredTwice\]/,
			],
			see: assertAdoptedOnce,
		},
		{
			run: "up",
			resources: { back: KEYED, front: { ...SEEDED, opts: { after: ["back"] } } },
			exit: EXIT_FAILED,
			says: [/AutopilotIdentity back has it, and AutopilotIdentity front turns out to be the same object/],
			see: assertAdoptedOnce,
		},
		{
			run: "preview",
			exit: EXIT_FAILED,
			says: [/AutopilotIdentity back has it, and AutopilotIdentity front turns out to be the same object/],
		},
		{
			run: "up",
			resources: { front: SEEDED },
			steps: ["delete back"],
			says: [/AutopilotIdentity 5CG2 .* stays as it is: AutopilotIdentity front has it now/],
			see: assertAdoptedOnce,
		},
		{ run: "up", steps: [] },
	],
);
