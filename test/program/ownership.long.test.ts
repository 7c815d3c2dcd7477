import assert from "node:assert/strict";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { type Seen, testOwnedScenario } from "./scenario.ts";

const KIOSK = { serialNumber: "5CG1", hardwareIdentifier: generateHardwareHash("5CG1") };

/** A device that already exists in the hub, so that a resource that declares it without `adopt` fails. */
const TAKEN = { type: "DeviceIdentity", deviceId: "taken" };

const seedExisting = ({ emulator }: Pick<Seen, "emulator">): void => {
	emulator.control.devices.seed([{ deviceId: "taken" }]);
};

/** Returns what distinguishes a hub's devices from later ones with the same ids: generation and keys. */
function listIdentities({ emulator }: Pick<Seen, "emulator">): Record<string, string> {
	const devices = emulator.control.devices.list();
	return Object.fromEntries(
		devices.map(({ deviceId, generationId, authentication }) => [
			deviceId,
			`${generationId} ${JSON.stringify(authentication)}`,
		]),
	);
}

/** Records the devices of one move to compare them in another one. */
function createWitness(...ids: readonly string[]): {
	remember(seen: Seen): void;
	compare(seen: Seen): void;
} {
	let before: Record<string, string> = {};
	const pick = (all: Record<string, string>): Record<string, string | undefined> =>
		Object.fromEntries(ids.map((id) => [id, all[id]]));
	return {
		remember(seen) {
			before = listIdentities(seen);
			assert.ok(ids.every((id) => id in before));
		},
		compare: (seen) => assert.deepEqual(pick(listIdentities(seen)), pick(before)),
	};
}

const moved = createWitness("m1", "stay");

testOwnedScenario(
	"a device that moves between fleets stays, even if the run that moves it fails before its end",
	[
		{
			run: "up",
			resources: {
				new: { type: "DeviceFleet", devices: { keep: {} }, adopt: true },
				old: { type: "DeviceFleet", devices: { m1: {}, stay: {} }, opts: { after: ["new"] } },
			},
			see: moved.remember,
		},
		{
			run: "up",
			meanwhile: seedExisting,
			resources: {
				new: { type: "DeviceFleet", devices: { keep: {}, m1: {} }, adopt: true },
				bad: { ...TAKEN, opts: { after: ["new"] } },
				old: { type: "DeviceFleet", devices: { stay: {} }, opts: { after: ["new", "bad"] } },
			},
			exit: 1,
			steps: ["create bad failed", "update new"],
			see: moved.compare,
		},
		{
			run: "up",
			resources: {
				new: { type: "DeviceFleet", devices: { keep: {}, m1: {} }, adopt: true },
				bad: { ...TAKEN, adopt: true, opts: { after: ["new"] } },
				old: { type: "DeviceFleet", devices: { stay: {} }, opts: { after: ["new", "bad"] } },
			},
			options: { env: { PULUMI_PARALLEL_DIFF: "true" } },
			steps: ["create bad", "update old"],
			says: [/m1 stays as it is: DeviceFleet new has it now/],
			see: moved.compare,
		},
		{ run: "up", steps: [], options: { expectNoChanges: true }, see: moved.compare },
	],
);

const ten = Array.from({ length: 10 }, (_, at) => `d${at}`);
const tenKept = createWitness(...ten);
const asSingles = Object.fromEntries(ten.map((id) => [id, { type: "DeviceIdentity" }]));
const asMembers = Object.fromEntries(ten.map((id) => [id, {}]));

testOwnedScenario("single devices that move into a fleet stay, even if another resource fails first", [
	{ run: "up", resources: asSingles, see: tenKept.remember },
	{
		run: "up",
		meanwhile: seedExisting,
		resources: {
			plant: { type: "DeviceFleet", devices: asMembers, adopt: true },
			bad: { ...TAKEN, opts: { after: ["plant"] } },
		},
		exit: 1,
		steps: ["create bad failed", "create plant"],
		says: [/10 devices \(d0, d1.*\) existed already and were adopted.*`pulumi state delete`/],
		see: tenKept.compare,
	},
	{
		run: "up",
		resources: { plant: { type: "DeviceFleet", devices: asMembers, adopt: true } },
		steps: ten.map((id) => `delete ${id}`),
		says: [/DeviceIdentity d7 stays as it is: DeviceFleet plant has it now/],
		see: tenKept.compare,
	},
	{ run: "up", steps: [], see: tenKept.compare },
	// And back: the fleet gives them up while it stays in the program.
	{
		run: "up",
		resources: {
			d0: { type: "DeviceIdentity", adopt: true },
			plant: {
				type: "DeviceFleet",
				devices: declareMembersExcept("d0", "d2"),
				adopt: true,
				opts: { after: ["d0"] },
			},
			d2: { type: "DeviceIdentity", adopt: true, opts: { after: ["plant"] } },
		},
		exit: 1,
		says: [/DeviceFleet plant gives up d2 and does not depend on DeviceIdentity d2/],
		see: tenKept.compare,
		options: { skipPreview: false },
	},
	{
		run: "up",
		resources: {
			d0: { type: "DeviceIdentity", adopt: true },
			plant: {
				type: "DeviceFleet",
				devices: declareMembersExcept("d0"),
				adopt: true,
				opts: { after: ["d0"] },
			},
		},
		steps: ["create d0", "update plant"],
		options: { skipPreview: false },
		see: tenKept.compare,
	},
]);

function declareMembersExcept(...gone: readonly string[]): Record<string, object> {
	return Object.fromEntries(Object.entries(asMembers).filter(([id]) => !gone.includes(id)));
}

const renamed = createWitness("pump");

testOwnedScenario(
	"a device whose resource is renamed with adopt stays, even if the run fails before its deletions",
	[
		{ run: "up", resources: { first: { type: "DeviceIdentity", deviceId: "pump" } }, see: renamed.remember },
		{
			run: "up",
			meanwhile: seedExisting,
			resources: {
				second: { type: "DeviceIdentity", deviceId: "pump", adopt: true },
				bad: { ...TAKEN, opts: { after: ["second"] } },
			},
			exit: 1,
			says: [/DeviceIdentity pump existed already and was adopted.*`pulumi state delete`/],
			see: renamed.compare,
		},
		{
			run: "up",
			resources: { second: { type: "DeviceIdentity", deviceId: "pump", adopt: true } },
			steps: ["delete first"],
			says: [/DeviceIdentity pump stays as it is: DeviceIdentity second has it now/],
			see: renamed.compare,
		},
		{ run: "destroy", see: ({ emulator }) => assert.equal("pump" in listIdentities({ emulator }), false) },
	],
);

const failing = createWitness("m1");

testOwnedScenario("a device stays if its new resource fails, also with --continue-on-error", [
	{ run: "up", resources: { m1: { type: "DeviceIdentity" } }, see: failing.remember },
	{
		run: "up",
		resources: { again: { type: "DeviceIdentity", deviceId: "m1" } },
		options: { continueOnError: true },
		exit: 1,
		steps: ["create again failed", "delete m1 failed"],
		says: [/m1 was not deleted: DeviceIdentity again declares it and has not taken it over yet/],
		see: failing.compare,
	},
	{
		run: "up",
		resources: { plant: { type: "DeviceFleet", devices: { m1: {} } } },
		options: { continueOnError: true },
		exit: 1,
		says: [/m1 was not deleted: DeviceFleet plant declares it and has not taken it over yet/],
		see: failing.compare,
	},
	{
		run: "up",
		resources: { plant: { type: "DeviceFleet", devices: { m1: {} }, adopt: true } },
		steps: ["create plant", "delete m1"],
		see: failing.compare,
	},
]);

testOwnedScenario(
	"the preview stops if another resource declares a device that its old resource would delete first",
	[
		{ run: "up", resources: { a: { type: "DeviceIdentity", deviceId: "one" } } },
		{
			run: "preview",
			resources: {
				a: { type: "DeviceIdentity", deviceId: "two" },
				b: { type: "DeviceIdentity", deviceId: "one", adopt: true, opts: { after: ["a"] } },
			},
			exit: 1,
			says: [
				/DeviceIdentity a gives up one and does not depend on DeviceIdentity b.*\(`dependsOn`\).*\[HeldElsewhere\]/,
			],
		},
		{
			run: "up",
			resources: {
				b: { type: "DeviceIdentity", deviceId: "one", adopt: true },
				a: { type: "DeviceIdentity", deviceId: "two", opts: { after: ["b"] } },
			},
			options: { skipPreview: false },
			says: [/DeviceIdentity one stays as it is: DeviceIdentity b has it now/],
			see: ({ emulator }) =>
				assert.deepEqual(Object.keys(listIdentities({ emulator })).sort(), ["one", "two"]),
		},
	],
);

const former = createWitness("p1", "p2");

testOwnedScenario("a resource with the former name of another one is a different resource", [
	{
		run: "up",
		resources: { plant: { type: "DeviceFleet", devices: { p1: {}, p2: {} } } },
		see: former.remember,
	},
	{
		run: "up",
		resources: {
			yard: { type: "DeviceFleet", devices: { p1: {}, p2: {} }, opts: { aliases: [{ name: "plant" }] } },
		},
		steps: ["update yard"],
		see({ requests, ...seen }) {
			assert.deepEqual(
				Object.keys(requests).filter((route) => !route.startsWith("GET")),
				[],
			);
			former.compare({ requests, ...seen });
		},
	},
	{
		run: "preview",
		resources: {
			yard: { type: "DeviceFleet", devices: { p1: {} } },
			plant: { type: "DeviceFleet", devices: { p2: {} }, adopt: true, opts: { after: ["yard"] } },
		},
		exit: 1,
		says: [/DeviceFleet yard gives up p2 and does not depend on DeviceFleet plant/],
	},
	{
		run: "up",
		resources: {
			plant: { type: "DeviceFleet", devices: { p2: {} }, adopt: true },
			yard: { type: "DeviceFleet", devices: { p1: {} }, opts: { after: ["plant"] } },
		},
		steps: ["create plant", "update yard"],
		see: former.compare,
	},
]);

const listRegistrations = (seen: Pick<Seen, "emulator">): string[] =>
	seen.emulator.control.machines.list().map(({ id }) => id);
let registered: string[] = [];

testOwnedScenario("a machine that moves into a fleet, back, and between resources keeps its registration", [
	{
		run: "up",
		resources: { kiosk: { type: "AutopilotIdentity", ...KIOSK } },
		see(seen) {
			registered = listRegistrations(seen);
			assert.equal(registered.length, 1);
		},
	},
	{
		run: "up",
		resources: { kiosks: { type: "AutopilotFleet", machines: { one: KIOSK }, adopt: true } },
		steps: ["create kiosks", "delete kiosk"],
		says: [/5CG1.* stays as it is: AutopilotFleet kiosks has it now/],
		see: (seen) => assert.deepEqual(listRegistrations(seen), registered),
	},
	{
		run: "up",
		resources: {
			again: { type: "AutopilotIdentity", ...KIOSK, adopt: true },
			kiosks: { type: "AutopilotFleet", machines: {}, adopt: true, opts: { after: ["again"] } },
		},
		steps: ["create again", "update kiosks"],
		options: { skipPreview: false },
		see: (seen) => assert.deepEqual(listRegistrations(seen), registered),
	},
	{
		run: "up",
		resources: { third: { type: "AutopilotIdentity", ...KIOSK, adopt: true } },
		steps: ["create third", "delete again", "delete kiosks"],
		see: (seen) => assert.deepEqual(listRegistrations(seen), registered),
	},
	{ run: "destroy", see: (seen) => assert.deepEqual(listRegistrations(seen), []) },
]);
