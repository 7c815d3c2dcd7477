import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeviceSelection, MachineSelection } from "../../../provider/cli/adopt.options.ts";
import { generateDeviceOutput, generateMachineOutput } from "../../../provider/cli/adopt.resources.ts";
import type { AdoptableMachines } from "../../../provider/graph/adopt.ts";
import type { AdoptableDevices, AdoptedDevice } from "../../../provider/iothub/adopt.ts";
import type { Values } from "../../../provider/values.ts";

const HUB = "fleet.azure-devices.net";
const SKIPPED = [{ id: "odd", reason: "statusReason is too long" }];
const DEVICES: DeviceSelection = {
	service: "iothub",
	exact: false,
	declareAs: undefined,
	name: "plant",
	format: "csv",
};
const MACHINES: MachineSelection = { service: "autopilot", filter: {}, declareAs: undefined, name: "kiosks" };

const createNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `dev-${index}`);
const createFleet = (id: string) => ({ id, inputs: { ofFleet: true }, outputs: { count: 1 } });

/** Creates the devices of a hub, all with these inputs. */
function createDevices(
	count: number,
	inputs: Values = { status: "enabled" },
	idsWithUnmanagedParent: readonly string[] = [],
): AdoptableDevices {
	const ids = createNames(count);
	return {
		hubHostName: HUB,
		count,
		toFleet: () => ({
			fleet: createFleet(HUB),
			devices: new Map(ids.map((id) => [id, inputs])),
			idsWithUnmanagedParent,
			skipped: SKIPPED,
		}),
		toResources: async () => ({
			devices: ids.map(
				(id): AdoptedDevice => ({
					id,
					inputs: { deviceId: id, storeCredentials: false, ...inputs },
					outputs: {},
				}),
			),
			skipped: SKIPPED,
		}),
	};
}

/** Creates the machines of a tenant. */
function createMachines(count: number): AdoptableMachines {
	const names = createNames(count);
	const inputs = { groupTag: "Kiosk", adopt: true };
	return {
		count,
		toFleet: () => ({
			fleet: createFleet("autopilot"),
			machines: new Map(names.map((name) => [name, { groupTag: "Kiosk" }])),
			skipped: SKIPPED,
		}),
		toResources: () => ({
			machines: names.map((name) => ({ name, id: `id of ${name}`, inputs, outputs: {} })),
			skipped: SKIPPED,
		}),
	};
}

interface ImportFile {
	readonly resources: readonly { readonly type: string; readonly name: string; readonly id: string }[];
}

/** Returns type, name and id of each resource in the import file. */
function listImports(files: Readonly<Record<string, string>>): string[] {
	const { resources }: ImportFile = JSON.parse(files["import.json"] ?? "");
	return resources.map(({ type, name, id }) => `${type.split(":").at(-1)} ${name} ${id}`);
}

describe("up to 50 objects are declared one by one, more as a fleet", () => {
	test("devices", async () => {
		const few = await generateDeviceOutput(createDevices(50), DEVICES);
		assert.equal(few.summary, `50 devices of ${HUB} as 50 resources`);
		assert.deepEqual(Object.keys(few.files), ["index.ts", "import.json"]);
		const many = await generateDeviceOutput(createDevices(51), DEVICES);
		assert.equal(many.summary, `51 devices of ${HUB} as one fleet`);
		assert.deepEqual(Object.keys(many.files), ["devices.csv", "index.ts", "import.json"]);
	});

	test("machines", () => {
		const few = generateMachineOutput(createMachines(50), MACHINES);
		assert.equal(few.summary, "50 machines as 50 resources");
		assert.deepEqual(Object.keys(few.files), ["index.ts", "import.json"]);
		const many = generateMachineOutput(createMachines(51), MACHINES);
		assert.equal(many.summary, "51 machines as one fleet");
		assert.deepEqual(Object.keys(many.files), ["machines.json", "index.ts", "import.json"]);
	});

	test("unless an option chooses", async () => {
		const fleet = await generateDeviceOutput(createDevices(1), { ...DEVICES, declareAs: "fleet" });
		assert.equal(fleet.summary, `1 device of ${HUB} as one fleet`);
		const resources = generateMachineOutput(createMachines(60), { ...MACHINES, declareAs: "resources" });
		assert.equal(resources.summary, "60 machines as 60 resources");
	});
});

describe("whatever the declaration, the output", () => {
	const generate = async (declareAs: "fleet" | "resources") =>
		[
			await generateDeviceOutput(createDevices(2), { ...DEVICES, declareAs }),
			generateMachineOutput(createMachines(2), { ...MACHINES, declareAs }),
		] as const;
	for (const declareAs of ["fleet", "resources"] as const) {
		test(`has what was left out, the names and the place: ${declareAs}`, async () => {
			const [devices, machines] = await generate(declareAs);
			for (const output of [devices, machines]) {
				assert.deepEqual(output.skipped, SKIPPED);
				assert.deepEqual(output.declaredNames, ["dev-0", "dev-1"]);
			}
			assert.deepEqual([devices.place, devices.noun], [HUB, "device"]);
			assert.deepEqual([machines.place, machines.noun], ["The tenant", "machine"]);
		});
	}

	test("imports each resource under its name in the program, or the fleet under the chosen one", async () => {
		const [devices, machines] = await generate("resources");
		assert.deepEqual(listImports(devices.files), [
			"DeviceIdentity dev-0 dev-0",
			"DeviceIdentity dev-1 dev-1",
		]);
		assert.deepEqual(listImports(machines.files), [
			"AutopilotIdentity dev-0 id of dev-0",
			"AutopilotIdentity dev-1 id of dev-1",
		]);
		const [fleet, kiosks] = await generate("fleet");
		assert.deepEqual(listImports(fleet.files), [`DeviceFleet plant ${HUB}`]);
		assert.deepEqual(listImports(kiosks.files), ["AutopilotFleet kiosks autopilot"]);
		assert.match(fleet.files["index.ts"] ?? "", /readFleet\("devices\.csv"\)/);
		assert.match(
			kiosks.files["index.ts"] ?? "",
			/new AutopilotFleet\("kiosks", \{ machines, adopt: true \}\)/,
		);
	});
});

describe("the file of a fleet", () => {
	const fleet = (inputs: Values, rest: Partial<DeviceSelection> = {}, unmanaged: readonly string[] = []) =>
		generateDeviceOutput(createDevices(1, inputs, unmanaged), { ...DEVICES, declareAs: "fleet", ...rest });

	test("is a CSV unless another format is chosen", async () => {
		const csv = await fleet({ status: "enabled" });
		assert.equal(csv.files["devices.csv"], "deviceId,status\ndev-0,enabled\n");
		assert.deepEqual(csv.notes, []);
		const lines = await fleet({ status: "enabled" }, { format: "ndjson" });
		assert.equal(lines.files["devices.ndjson"], '{"deviceId":"dev-0","status":"enabled"}\n');
		assert.deepEqual(lines.notes, []);
	});

	test("is ndjson, with a note that says why, if CSV cannot hold a value", async () => {
		const { files, notes } = await fleet({ statusReason: "two\nlines" });
		assert.equal(files["devices.ndjson"], '{"deviceId":"dev-0","statusReason":"two\\nlines"}\n');
		assert.match(files["index.ts"] ?? "", /readFleet\("devices\.ndjson"\)/);
		assert.equal(notes.length, 1);
		assert.match(notes[0] ?? "", /written as ndjson, because a CSV cannot hold one of their values/);
	});

	test("has a note about parents that were not selected", async () => {
		const one = await fleet({}, {}, ["a"]);
		assert.deepEqual(one.notes, [
			"The parent of 1 device (a) was not selected: it stays as it is and is not declared.",
		]);
		const two = await fleet({}, {}, ["a", "b"]);
		assert.match(two.notes.join(), /^The parent of 2 devices \(a, …\) was not selected/);
	});
});
