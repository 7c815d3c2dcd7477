import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPORTED } from "../testing/graphClient.ts";
import { importBody, useGraph } from "../testing/useGraph.ts";
import { generateHardwareHash } from "./hardwareHash.ts";
import { DDS_ERROR_NAMES, DDS_ERRORS } from "./importRecord.ts";

const scene = useGraph();

/** Returns the final state of an import with this body. */
async function importAndGetEnd(body: object): Promise<unknown> {
	const created = await scene.graph.post(IMPORTED, body);
	assert.equal(created.status, 201);
	scene.pass(60);
	const { json } = await scene.graph.get(`${IMPORTED}/${created.at("id")}`);
	return (json as Record<string, unknown>)["state"];
}

function createFailedState(deviceErrorName: string, deviceErrorCode: number): object {
	return { deviceImportStatus: "error", deviceRegistrationId: "", deviceErrorCode, deviceErrorName };
}

test("G12 a hash that is not base64 of a hardware report ends in 802, and so does a marked one", async () => {
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
		const end = await importAndGetEnd({ serialNumber: "G12", hardwareIdentifier: bytes.toString("base64") });
		assert.deepEqual(end, createFailedState("InvalidZtdHardwareHash", 802));
	}
	scene.emulator.control.machines.markHash(generateHardwareHash("G12"), "invalid");
	assert.deepEqual(
		await importAndGetEnd(importBody("G12")),
		createFailedState("InvalidZtdHardwareHash", 802),
	);
	assert.deepEqual(scene.emulator.control.machines.find("G12"), []);
});

test("G13 a hash that is registered here ends in 806 without a registration id", async () => {
	await scene.register("G13");
	assert.deepEqual(
		await importAndGetEnd(importBody("G13")),
		createFailedState("ZtdDeviceAlreadyAssigned", 806),
	);
	const other = {
		...importBody("G13"),
		serialNumber: "another serial",
	};
	assert.deepEqual(await importAndGetEnd(other), createFailedState("ZtdDeviceAlreadyAssigned", 806));
});

test("G13 a hash that was collected again is of the same machine: 806, in a batch ZtdDeviceDuplicated", async () => {
	await scene.register("G13");
	const again = (at: number) => generateHardwareHash("G13", { collectedAt: at });
	assert.deepEqual(
		await importAndGetEnd({ serialNumber: "G13", hardwareIdentifier: again(3) }),
		createFailedState("ZtdDeviceAlreadyAssigned", 806),
	);
	const twice = [3, 6].map((at) => ({
		serialNumber: "G13b",
		hardwareIdentifier: generateHardwareHash("G13b", { collectedAt: at }),
	}));
	const { json } = await scene.graph.post(`${IMPORTED}/import`, {
		importedWindowsAutopilotDeviceIdentities: twice,
	});
	scene.pass(60);
	const records = (json as { value: readonly { id: string }[] }).value;
	const ends = await Promise.all(
		records.map(async ({ id }) => (await scene.graph.get(`${IMPORTED}/${id}`)).at("state.deviceErrorName")),
	);
	assert.deepEqual(ends, ["None", "ZtdDeviceDuplicated"]);
	assert.equal(scene.emulator.control.machines.find("G13b").length, 1);
});

test("G25 a registration has the serial number of its hash, or the one that was sent", async () => {
	const { machines } = scene.emulator.control;
	await scene.register("asset", { hardwareIdentifier: generateHardwareHash("Default string") });
	assert.deepEqual([machines.find("Default string").length, machines.find("asset").length], [1, 0]);
	machines.switches.registeredSerial = "sent";
	await scene.register("asset", { hardwareIdentifier: generateHardwareHash(" firmware ") });
	assert.equal(machines.find("asset").length, 1);
});

test("G14 a hash of another tenant ends in 808, or in 806 with the same name", async () => {
	const { machines } = scene.emulator.control;
	machines.markHash(generateHardwareHash("G14"), "foreign");
	assert.deepEqual(
		await importAndGetEnd(importBody("G14")),
		createFailedState("ZtdDeviceAssignedToOtherTenant", 808),
	);
	machines.switches.foreignCode = 806;
	assert.deepEqual(
		await importAndGetEnd(importBody("G14")),
		createFailedState("ZtdDeviceAssignedToOtherTenant", 806),
	);
	machines.switches.foreignCode = 808;
	machines.markHash(generateHardwareHash("G14"), undefined);
	assert.match(await scene.register("G14"), /^[0-9a-f-]{36}$/);
});

test("G15 if two rows in one import have the same hash, the first completes and the other is a duplicate", async () => {
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
	assert.deepEqual(second, createFailedState("ZtdDeviceDuplicated", 815));
	assert.equal(scene.emulator.control.machines.find("G15").length, 1);
});

test("G16 an import that failed with StorageError 640 succeeds when it is repeated", async () => {
	scene.emulator.control.machines.failImport({ serialNumber: "G16", error: "StorageError" });
	assert.deepEqual(await importAndGetEnd(importBody("G16")), createFailedState("StorageError", 640));
	assert.match(await scene.register("G16"), /^[0-9a-f-]{36}$/);
});

test("every error of the service can be planned, by serial number or hash, any number of times", async () => {
	const { machines } = scene.emulator.control;
	for (const error of DDS_ERROR_NAMES) {
		machines.failImport({ hardwareIdentifier: generateHardwareHash("any"), error });
		assert.deepEqual(await importAndGetEnd(importBody("any")), createFailedState(error, DDS_ERRORS[error]));
	}
	machines.failImport({ serialNumber: "twice", error: "ZtdDeviceIsNotUnique", code: 7, times: 2 });
	for (let round = 0; round < 2; round += 1) {
		assert.deepEqual(
			await importAndGetEnd(importBody("twice")),
			createFailedState("ZtdDeviceIsNotUnique", 7),
		);
	}
	assert.match(await scene.register("twice"), /^[0-9a-f-]{36}$/);
});

test("an import without a hash is an unknown machine; one without any data has an error too", async () => {
	assert.deepEqual(
		await importAndGetEnd({ serialNumber: "hashless" }),
		createFailedState("ZtdDeviceNotFound", 812),
	);
	assert.deepEqual(
		await importAndGetEnd({ groupTag: "x" }),
		createFailedState("MissingZtdSerialNumberAndProductKey", 803),
	);
});
