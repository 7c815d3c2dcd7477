import assert from "node:assert/strict";
import { test } from "node:test";
import * as ts from "typescript";
import { createIdentifiers, generateDevicesProgram } from "../../../provider/cli/adopt.program.ts";
import { device, HUB, ODD_PROGRAMS } from "./oddPrograms.ts";

/** What is wrong with the program's grammar. */
function faultsIn(program: string): string[] {
	const { diagnostics = [] } = ts.transpileModule(program, { reportDiagnostics: true });
	return diagnostics.map(({ messageText }) => String(messageText));
}

test("children stand below their parents, which they name", () => {
	const program = generateDevicesProgram(HUB, [
		device("a-leaf", { status: "enabled", deviceScope: "ms-azure-iot-edge://line-1" }, "line"),
		device("line", { parentScopes: ["ms-azure-iot-edge://plant-1"] }, "plant"),
		device("plant", {}),
	]);
	assert.equal(
		program,
		`import { DeviceIdentity } from "pulumi-device-identity";

const hubHostName = "my-hub.azure-devices.net";

const plant = new DeviceIdentity("plant", {
	hubHostName,
	storeCredentials: false,
});

const line = new DeviceIdentity("line", {
	hubHostName,
	parentScopes: [plant.deviceScope],
	storeCredentials: false,
});

new DeviceIdentity("a-leaf", {
	hubHostName,
	status: "enabled",
	deviceScope: line.deviceScope,
	storeCredentials: false,
});
`,
	);
});

test("a parent that is not among them is named by its scope", () => {
	const program = generateDevicesProgram(HUB, [device("leaf", { deviceScope: "ms-azure-iot-edge://gw-1" })]);
	assert.match(program, /^\tdeviceScope: "ms-azure-iot-edge:\/\/gw-1",$/m);
});

test("whatever ids and texts there are, programs are well-formed", () => {
	for (const program of Object.values(ODD_PROGRAMS)) assert.deepEqual(faultsIn(program), [], program);
});

test("names of constants are their ids', and have a mark where two would be the same or one is taken", () => {
	const names = createIdentifiers(["gw-1", "x-1", "x.1", "class", "9", "hub", "'"], ["hub"]);
	assert.deepEqual(
		[...names.values()].map((name) => name.replace(/_[0-9a-f]{16}$/, "_…")),
		["gw1", "x1_…", "x1_…", "class_…", "device9", "hub_…", "device"],
	);
	assert.equal(new Set(names.values()).size, names.size);
	assert.equal(createIdentifiers(["x.1", "x-1", "other"], []).get("x-1"), names.get("x-1"));
});

test("a value that would show a reader another program than the one that runs stands there as escapes", () => {
	const program = generateDevicesProgram(HUB, [
		device("a", { statusReason: "\u202e}; //\u2066 in service\u009b" }),
	]);
	assert.ok(program.includes('statusReason: "\\u202e}; //\\u2066 in service\\u009b"'), program);
});
