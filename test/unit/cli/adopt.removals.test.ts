import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
	generateDeviceFleetProgram,
	generateDevicesProgram,
	generateMachineFleetProgram,
} from "../../../provider/cli/adopt.program.ts";
import { listRemovals, refuseRemovals } from "../../../provider/cli/adopt.removals.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { createDevice, HUB, ODD_PROGRAMS } from "./oddPrograms.ts";

/** Lists what the old files declare and a generated program does not. */
function compare(
	oldFiles: Readonly<Record<string, string>>,
	files: Readonly<Record<string, string>>,
	declaredNames: readonly string[],
): readonly string[] {
	const folder = mkdtempSync(join(tmpdir(), "removals-"));
	try {
		for (const [name, text] of Object.entries(oldFiles)) writeFileSync(join(folder, name), text);
		return listRemovals(folder, { files, declaredNames });
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const declareDevices = (...ids: string[]) => ({
	"index.ts": generateDevicesProgram(
		HUB,
		ids.map((id) => createDevice(id)),
	),
});
const declareFleet = (...ids: string[]) => ({
	"index.ts": generateDeviceFleetProgram({ name: "plant", hubHostName: HUB, file: "devices.csv" }),
	"devices.csv": ["deviceId", ...ids, ""].join("\n"),
});
const declareMachines = (...names: string[]) => ({
	"index.ts": generateMachineFleetProgram("kiosks", "machines.json"),
	"machines.json": JSON.stringify(
		Object.fromEntries(names.map((serialNumber) => [serialNumber, { serialNumber }])),
	),
});

describe("a generated program in place of another one", () => {
	test("removes nothing if it declares the same or more", () => {
		assert.deepEqual(compare(declareDevices("a", "b"), declareDevices("a", "b", "c"), ["a", "b", "c"]), []);
		assert.deepEqual(compare(declareFleet("a"), declareFleet("a", "b"), ["a", "b"]), []);
		assert.deepEqual(compare(declareMachines("a"), declareMachines("a"), ["a"]), []);
		for (const program of Object.values(ODD_PROGRAMS))
			assert.deepEqual(compare({ "index.ts": program }, { "index.ts": program }, []), []);
	});

	test("removes nothing of an empty program, such as that of Pulumi's template", () => {
		const template =
			'import * as pulumi from "@pulumi/pulumi";\n\n// new DeviceIdentity("example") goes here\n';
		assert.deepEqual(compare({ "index.ts": template }, declareDevices("a"), ["a"]), []);
		assert.deepEqual(
			compare(
				{ "index.ts": 'new pulumi.Config("iothub");\nconst ids = new Set(["a"]);\n' },
				declareDevices("a"),
				["a"],
			),
			[],
		);
		assert.deepEqual(compare({}, declareDevices("a"), ["a"]), []);
	});

	test("removes resources that it does not declare, and members of fleets", () => {
		assert.deepEqual(compare(declareDevices("a", 'b"'), declareDevices("a"), ["a"]), ['DeviceIdentity b"']);
		assert.deepEqual(compare(declareFleet("a", "b", "c"), declareFleet("a"), ["a"]), [
			"b of devices.csv",
			"c of devices.csv",
		]);
		assert.deepEqual(compare(declareMachines("a", "b"), declareMachines("b"), ["b"]), ["a of machines.json"]);
	});

	test("removes the fleet, but no device, if it declares each device as a resource", () => {
		assert.deepEqual(compare(declareFleet("a"), declareDevices("a"), ["a"]), ["DeviceFleet plant"]);
		assert.deepEqual(compare(declareDevices("a"), declareFleet("a"), ["a"]), ["DeviceIdentity a"]);
	});

	test("removes resources of other packages, those with computed names, and what other modules declare", () => {
		const program = `import * as azure from "@pulumi/azure-native";
import { plant } from "./plant";
/* new DeviceIdentity("not me") */
new azure.resources.ResourceGroup('group');
for (const id of ["a", "b"]) new DeviceIdentity(id, {});
new DeviceIdentity(\`line-\${1}\`);
`;
		assert.deepEqual(compare({ "index.ts": program }, declareDevices("a"), ["a"]), [
			"ResourceGroup group",
			"DeviceIdentity with a computed name",
			"DeviceIdentity with a computed name",
			'what "./plant" declares',
		]);
	});

	test("removes what a file declares that cannot be read", () => {
		const old = { ...declareFleet("a"), "devices.csv": "nonsense,\u0000" };
		assert.deepEqual(compare(old, declareFleet("a"), ["a"]), [
			'what "devices.csv" declares, which cannot be read',
		]);
	});

	test("removes what the files declare that the old program reads under other names", () => {
		const readers = `import { AutopilotFleet, DeviceFleet, readAutopilotCsv, readFleet } from "pulumi-device-identity";
new DeviceFleet("plant", { devices: readFleet("./plant.yaml") });
new AutopilotFleet("kiosks", { machines: readAutopilotCsv('machines.csv') });
// readFleet("old.yaml")
`;
		const old = {
			"index.ts": readers,
			"plant.yaml": "a: {}\nb: {}\n",
			"machines.csv": `Device Serial Number,Hardware Hash\n5CG-1,${generateHardwareHash("5CG-1")}\n`,
			"old.yaml": "c: {}\n",
		};
		assert.deepEqual(compare(old, { ...declareFleet("a") }, ["a"]), [
			"AutopilotFleet kiosks",
			"b of ./plant.yaml",
			"5CG-1 of machines.csv",
		]);
	});

	test("removes nothing of an empty file of devices", () => {
		const old = { ...declareFleet("a"), "devices.csv": "\n" };
		assert.deepEqual(compare(old, declareFleet("a"), ["a"]), []);
	});

	test("is refused with the first removals and the ways out", () => {
		refuseRemovals("plant", []);
		const removals = Array.from({ length: 23 }, (_, at) => `DeviceIdentity d-${at}`);
		assert.throws(() => refuseRemovals("plant", removals), {
			name: "CommandError",
			message:
				/^The program in "plant" declares 23 objects that the new program would not declare, .*:\n- DeviceIdentity d-0\n[\s\S]*- DeviceIdentity d-19\n- and 3 more\nNothing was written\. .*--out.*--allow-removals/,
		});
	});
});
