import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type DeviceSeed, type Emulator, type MachineView, startEmulator } from "../../emulator/emulator.ts";
import { createStandIn, EXIT_FAILED, type Stack } from "../../engine/index.ts";
import { getTenantAccess } from "../../program/site.ts";
import {
	compareDevices,
	type ExpectedDevice,
	readExpectedFleet,
	readExpectedRows,
} from "./expectedDevices.ts";

const ROOT = join(__dirname, "../../..");
const GROUP_KEY = Buffer.alloc(32, "group key").toString("base64");

/** An example and its expected results. */
interface Example {
	/** The folder of Pulumi.yaml. Default: the folder of the example. */
	readonly root?: string;
	readonly config?: Readonly<Record<string, string>>;
	/** The devices that the hub has before the deployment. */
	readonly seed?: readonly DeviceSeed[];
	/** The devices that the hub has while the example is deployed. */
	readonly declared: readonly ExpectedDevice[];
	/** The devices that the hub has at the end. Default none. */
	readonly left?: readonly ExpectedDevice[];
	/** The machines that Autopilot has while the example is deployed. Default none; at the end there must be none. */
	readonly machines?: readonly ExpectedMachine[];
	readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The expected fields of a machine. */
type ExpectedMachine = Pick<MachineView, "serialNumber" | "groupTag" | "userPrincipalName">;

const PLAIN: Omit<ExpectedDevice, "id"> = {
	status: "enabled",
	reason: null,
	type: "sas",
	edge: false,
	parent: null,
};
const WAITING: ExpectedDevice = {
	...PLAIN,
	id: "pump-1",
	status: "disabled",
	reason: "waits for its installation",
};

const MACHINES: readonly ExpectedMachine[] = [
	{ serialNumber: "0174 2231 90", groupTag: "", userPrincipalName: "" },
	{ serialNumber: "5CG4110K7M", groupTag: "Office", userPrincipalName: "ada@contoso.example" },
	{ serialNumber: "5CG4110K81", groupTag: "Office", userPrincipalName: "" },
	{ serialNumber: "PF-3QX9ZT", groupTag: "Kiosk", userPrincipalName: "" },
	{ serialNumber: "PF-3QXA04", groupTag: "Kiosk", userPrincipalName: "" },
];

/** The device that the example of a pipeline leaves behind. */
const BUOY: ExpectedDevice = {
	...PLAIN,
	id: "survey-buoy",
	status: "disabled",
	reason: "to be handed over",
};

const EXAMPLES: Readonly<Record<string, Example>> = {
	autopilot: {
		config: { groupTag: "Lab" },
		declared: [],
		machines: MACHINES.map((machine) => ({ ...machine, groupTag: machine.groupTag || "Lab" })),
	},
	"autopilot-fleet": {
		config: { groupTag: "Lab" },
		declared: [],
		machines: MACHINES.map((machine) => ({ ...machine, groupTag: machine.groupTag || "Lab" })),
		outputs: { machines: MACHINES.length },
	},
	fleet: {
		root: ROOT,
		declared: readExpectedFleet(join(ROOT, "examples/fleet/fleet.yaml"), GROUP_KEY),
		outputs: { devices: 26, connectionStrings: "[secret]" },
	},
	"fleet-file": {
		declared: readExpectedRows(join(ROOT, "examples/fleet-file/plant.csv")),
		outputs: { devices: 20 },
	},
	device: {
		declared: [{ ...PLAIN, id: "pump-1", reason: "in service since the spring overhaul" }],
		outputs: { connectionString: "[secret]" },
	},
	"several-hubs": {
		declared: [
			{ ...PLAIN, id: "pump-1" },
			{ ...PLAIN, id: "meter-1" },
			{ ...PLAIN, id: "meter-2", status: "disabled" },
		],
	},
	"key-rotation": {
		declared: [0, 1, 2, 3].map((number) => ({ ...PLAIN, id: `meter-${number}` })),
		outputs: { count: 3 },
	},
	"edge-hierarchy": {
		declared: [
			{ ...PLAIN, id: "plant-gateway", edge: true },
			{ ...PLAIN, id: "line-gateway", edge: true, parent: "plant-gateway" },
			...["compressor-1", "compressor-2"].map((id) => ({ ...PLAIN, id, parent: "plant-gateway" })),
			...["filler", "capper", "labeller"].map((id) => ({ ...PLAIN, id, parent: "line-gateway" })),
			{ ...PLAIN, id: "thermometer-1", parent: "plant-gateway" },
			{ ...PLAIN, id: "thermometer-2", parent: "line-gateway" },
		],
	},
	adopt: {
		config: { deviceId: "boiler-1" },
		seed: [
			{
				deviceId: "boiler-1",
				status: "disabled",
				statusReason: "by hand",
				authentication: { type: "sas", symmetricKey: { primaryKey: GROUP_KEY, secondaryKey: GROUP_KEY } },
			},
		],
		declared: [
			{
				...PLAIN,
				id: "boiler-1",
				status: "disabled",
				reason: "declared in Git",
				keys: [GROUP_KEY, GROUP_KEY],
			},
		],
		outputs: { hasKeys: "[secret]" },
	},
	lookups: {
		config: { deviceId: "pump-1" },
		seed: [
			{ deviceId: "pump-1", tags: { site: "north" }, connected: true },
			{ deviceId: "pump-2", tags: { site: "north" }, status: "disabled", statusReason: "spare" },
			{ deviceId: "pump-3", status: "disabled" },
		],
		declared: ["pump-1", "pump-2", "pump-3"].map((id) => ({ id })),
		left: ["pump-1", "pump-2", "pump-3"].map((id) => ({ id })),
		outputs: {
			connection: "Connected",
			disabled: ["pump-2: spare", "pump-3: no reason given"],
			devicesBySite: { north: 2 },
		},
	},
	gitops: {
		config: { machines: join(ROOT, "examples/autopilot/machines.csv") },
		declared: [
			{ ...PLAIN, id: "gw-quay", edge: true },
			...["crane-1", "crane-2", "crane-3"].map((id) => ({ ...PLAIN, id, parent: "gw-quay" })),
			BUOY,
		],
		left: [BUOY],
		machines: MACHINES,
	},
	javascript: { declared: [WAITING], outputs: { connectionString: "[secret]" } },
	esm: { declared: [WAITING], outputs: { connectionString: "[secret]" } },
};

/** The reason why the ES module cannot run here, or false: Pulumi loads every program with `require`. */
const NO_REQUIRE_OF_MODULES =
	"require_module" in process.features
		? false
		: `Node.js ${process.version} cannot require ES modules; 20.19 can`;

describe("examples", () => {
	it("are all listed here", () => {
		const folders = readdirSync(join(ROOT, "examples"));
		assert.deepEqual(Object.keys(EXAMPLES).sort(), folders.sort());
	});

	for (const [name, example] of Object.entries(EXAMPLES)) {
		describe(name, { skip: name === "esm" && NO_REQUIRE_OF_MODULES }, () => {
			let emulator: Emulator;
			let stack: Stack;
			const assertRegistry = (expected: readonly ExpectedDevice[]) =>
				assert.deepEqual(compareDevices(expected, emulator.control.devices.list()), []);
			const assertMachines = (expected: readonly ExpectedMachine[]) =>
				assert.deepEqual(machinesOf(emulator), expected);

			before(async () => {
				emulator = await startEmulator({ autopilot: { importDelay: 0, syncDelay: 0 } });
				emulator.control.devices.seed(example.seed ?? []);
				const tenant = getTenantAccess(emulator);
				stack = await createStandIn().open({
					root: example.root ?? join(ROOT, "examples", name),
					config: {
						"iothub:connectionString": { secret: emulator.iotHub.connectionString },
						"iothub:endpoint": emulator.iotHub.url,
						...tenant.config,
						groupKey: { secret: GROUP_KEY },
						northConnectionString: { secret: emulator.iotHub.connectionString },
						southConnectionString: { secret: emulator.iotHub.connectionString },
						...example.config,
					},
					// A provider that the program creates has no address of the emulator among its arguments.
					env: { ...tenant.env, IOTHUB_ENDPOINT: emulator.iotHub.url },
				});
			});
			after(async () => {
				await stack?.dispose();
				await emulator?.close();
			});

			it("deploys after its preview, and the registry is as declared", async () => {
				const { exitCode, output } = await stack.up({ skipPreview: false });
				assert.equal(exitCode, 0, output);
				assertRegistry(example.declared);
				assertMachines(example.machines ?? []);
			});

			it("has the expected outputs", async () => {
				const outputs = await stack.outputs();
				for (const [output, value] of Object.entries(example.outputs ?? {})) {
					assert.deepEqual(outputs[output], value, output);
				}
			});

			it("has no changes on the second run", async () => {
				const { exitCode, output } = await stack.preview({ expectNoChanges: true });
				assert.equal(exitCode, 0, output);
			});

			it("is destroyed and leaves nothing unexpected", async () => {
				const { exitCode, output } = await stack.destroy();
				assert.equal(exitCode, 0, output);
				assertRegistry(example.left ?? []);
				assertMachines([]);
			});
		});
	}
});

function machinesOf({ control }: Emulator): readonly ExpectedMachine[] {
	return control.machines
		.list()
		.map(({ serialNumber, groupTag, userPrincipalName }) => ({ serialNumber, groupTag, userPrincipalName }))
		.sort((a, b) => (a.serialNumber < b.serialNumber ? -1 : 1));
}

describe("the fleet", () => {
	it("declares nothing if its file has an error, and reports the line without a stack trace", async () => {
		const emulator = await startEmulator();
		const stack = await createStandIn().open({
			root: ROOT,
			config: {
				"iothub:connectionString": { secret: emulator.iotHub.connectionString },
				"iothub:endpoint": emulator.iotHub.url,
				file: "test/docs/examples/fixtures/faulty.yaml",
			},
		});
		const { exitCode, diagnostics, output } = await stack.up();
		assert.equal(exitCode, EXIT_FAILED, output);
		const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
		assert.match(
			errors.join("\n"),
			/has 2 faults; nothing was declared\.\n {2}faulty\.yaml:3:\d+ .*\n {2}faulty\.yaml:4:/,
		);
		assert.doesNotMatch(output, /\.ts:\d+/);
		assert.equal(emulator.control.requests.count(), 0);
		await stack.dispose();
		await emulator.close();
	});
});
