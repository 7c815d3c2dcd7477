import assert from "node:assert/strict";
import { test } from "node:test";
import * as ts from "typescript";
import { createIdentifiers, generateDevicesProgram } from "../../../provider/cli/adopt.program.ts";
import { createDevice, HUB, ODD_PROGRAMS } from "./oddPrograms.ts";

/** Returns the syntax errors of a program. */
function listSyntaxErrors(program: string): string[] {
	const { diagnostics = [] } = ts.transpileModule(program, { reportDiagnostics: true });
	return diagnostics.map(({ messageText }) => String(messageText));
}

test("children are declared after their parents and refer to them", () => {
	const program = generateDevicesProgram(HUB, [
		createDevice("a-leaf", { status: "enabled", deviceScope: "ms-azure-iot-edge://line-1" }, "line"),
		createDevice("line", { parentScopes: ["ms-azure-iot-edge://plant-1"] }, "plant"),
		createDevice("plant", {}),
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

test("a parent that is not in the program is declared by its scope", () => {
	const program = generateDevicesProgram(HUB, [
		createDevice("leaf", { deviceScope: "ms-azure-iot-edge://gw-1" }),
	]);
	assert.match(program, /^\tdeviceScope: "ms-azure-iot-edge:\/\/gw-1",$/m);
});

test("programs are well-formed for any ids and texts", () => {
	for (const program of Object.values(ODD_PROGRAMS)) assert.deepEqual(listSyntaxErrors(program), [], program);
});

test("constants are named after ids, with a fingerprint if two names would be equal or one is in use", () => {
	const names = createIdentifiers(["gw-1", "x-1", "x.1", "class", "9", "hub", "'"], ["hub"]);
	assert.deepEqual(
		[...names.values()].map((name) => name.replace(/_[0-9a-f]{16}$/, "_…")),
		["gw1", "x1_…", "x1_…", "class_…", "device9", "hub_…", "device"],
	);
	assert.equal(new Set(names.values()).size, names.size);
	assert.equal(createIdentifiers(["x.1", "x-1", "other"], []).get("x-1"), names.get("x-1"));
});

test("characters that would make the program look different from what it does are escaped", () => {
	const program = generateDevicesProgram(HUB, [
		createDevice("a", { statusReason: "\u202e}; //\u2066 in service\u009b" }),
	]);
	assert.ok(program.includes('statusReason: "\\u202e}; //\\u2066 in service\\u009b"'), program);
});
