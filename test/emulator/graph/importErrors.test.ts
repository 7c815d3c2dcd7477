import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPORTED } from "../testing/graphClient.ts";
import { importBody, useGraph } from "../testing/useGraph.ts";
import { generateHardwareHash } from "./hardwareHash.ts";
import { DDS_ERROR_NAMES, DDS_ERRORS } from "./importRecord.ts";

const scene = useGraph();

/** The state in which an import of a body ends. */
async function endOf(body: object): Promise<unknown> {
	const created = await scene.graph.post(IMPORTED, body);
	assert.equal(created.status, 201);
	scene.pass(60);
	const { json } = await scene.graph.get(`${IMPORTED}/${created.at("id")}`);
	return (json as Record<string, unknown>)["state"];
}

function failed(deviceErrorName: string, deviceErrorCode: number): object {
	return { deviceImportStatus: "error", deviceRegistrationId: "", deviceErrorCode, deviceErrorName };
}

test("G12 a hash that is base64 of no hardware report ends in 802, and so does a flagged one", async () => {
	const whole = Buffer.from(generateHardwareHash("G12"), "base64");
	const [spoiled, unsealed] = [Buffer.from(whole), Buffer.from(whole)];
	spoiled.writeUInt8(1, 10);
	unsealed.write("XX", whole.readUInt16LE(2));
	const tail = Buffer.concat([whole, Buffer.from([1])]);
	const wrong = [
		Buffer.from("XX no report"),
		Buffer.concat([Buffer.from("XX"), whole.subarray(2)]),
		spoiled,
		unsealed,
		tail,
		whole.subarray(0, 40),
		Buffer.from(generateHardwareHash(""), "base64"),
		Buffer.from(generateHardwareHash("G12", { manufacturer: "" }), "base64"),
	];
	for (const bytes of wrong) {
		const end = await endOf({ serialNumber: "G12", hardwareIdentifier: bytes.toString("base64") });
		assert.deepEqual(end, failed("InvalidZtdHardwareHash", 802));
	}
	scene.emulator.control.machines.markHash(generateHardwareHash("G12"), "invalid");
	assert.deepEqual(await endOf(importBody("G12")), failed("InvalidZtdHardwareHash", 802));
	assert.deepEqual(scene.emulator.control.machines.find("G12"), []);
});

test("G13 a hash that is registered here ends in 806 without a registration id", async () => {
	await scene.register("G13");
	assert.deepEqual(await endOf(importBody("G13")), failed("ZtdDeviceAlreadyAssigned", 806));
	const other = { ...importBody("G13"), serialNumber: "another serial" };
	assert.deepEqual(await endOf(other), failed("ZtdDeviceAlreadyAssigned", 806));
});

test("G14 a hash of another tenant ends in 808, or in 806 under the same name", async () => {
	const { machines } = scene.emulator.control;
	machines.markHash(generateHardwareHash("G14"), "foreign");
	assert.deepEqual(await endOf(importBody("G14")), failed("ZtdDeviceAssignedToOtherTenant", 808));
	machines.switches.foreignCode = 806;
	assert.deepEqual(await endOf(importBody("G14")), failed("ZtdDeviceAssignedToOtherTenant", 806));
	machines.switches.foreignCode = 808;
	machines.markHash(generateHardwareHash("G14"), undefined);
	assert.match(await scene.register("G14"), /^[0-9a-f-]{36}$/);
});

test("G15 of two rows with one hash in one import the first completes, the other is a duplicate", async () => {
	const reply = await scene.graph.post(`${IMPORTED}/import`, {
		importedWindowsAutopilotDeviceIdentities: [importBody("G15"), importBody("G15")],
	});
	scene.pass(60);
	const states = [0, 1].map(async (at) => {
		const { json } = await scene.graph.get(`${IMPORTED}/${reply.at(`value.${at}.id`)}`);
		return (json as Record<string, unknown>)["state"] as Record<string, unknown>;
	});
	const [first, second] = await Promise.all(states);
	assert.equal(first?.["deviceImportStatus"], "complete");
	assert.deepEqual(second, failed("ZtdDeviceDuplicated", 815));
	assert.equal(scene.emulator.control.machines.find("G15").length, 1);
});

test("G16 an import made to fail with StorageError 640 succeeds when it is repeated", async () => {
	scene.emulator.control.machines.failImport({ serialNumber: "G16", error: "StorageError" });
	assert.deepEqual(await endOf(importBody("G16")), failed("StorageError", 640));
	assert.match(await scene.register("G16"), /^[0-9a-f-]{36}$/);
});

test("every error of the service can be made to happen, by serial number or hash, as often as wanted", async () => {
	const { machines } = scene.emulator.control;
	for (const error of DDS_ERROR_NAMES) {
		machines.failImport({ hardwareIdentifier: generateHardwareHash("any"), error });
		assert.deepEqual(await endOf(importBody("any")), failed(error, DDS_ERRORS[error]));
	}
	machines.failImport({ serialNumber: "twice", error: "ZtdDeviceIsNotUnique", code: 7, times: 2 });
	for (let round = 0; round < 2; round += 1) {
		assert.deepEqual(await endOf(importBody("twice")), failed("ZtdDeviceIsNotUnique", 7));
	}
	assert.match(await scene.register("twice"), /^[0-9a-f-]{36}$/);
});

test("without a hash the service knows no such machine; without anything it says so", async () => {
	assert.deepEqual(await endOf({ serialNumber: "hashless" }), failed("ZtdDeviceNotFound", 812));
	assert.deepEqual(await endOf({ groupTag: "x" }), failed("MissingZtdSerialNumberAndProductKey", 803));
});
