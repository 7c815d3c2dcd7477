import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Emulator, generateHardwareHash, startEmulator } from "../../emulator/emulator.ts";
import { compareMachines, readExpectedMachines } from "./expectedMachines.ts";

const HASH = generateHardwareHash("A 1");
const EXPECTED = {
	serialNumber: "A 1",
	productKey: "",
	hardwareIdentifier: HASH,
	groupTag: "Office",
	userPrincipalName: "ada@contoso.example",
};

describe("the demo's check of the tenant", () => {
	let emulator: Emulator;
	before(async () => {
		emulator = await startEmulator();
		emulator.control.machines.seed([EXPECTED]);
	});
	after(() => emulator.close());

	const found = (...expected: (typeof EXPECTED)[]) =>
		compareMachines(expected, emulator.control.machines.list());

	it("finds no difference if everything is as declared", () => {
		assert.deepEqual(found(EXPECTED), []);
	});

	it("reports every member that differs, and no hash", () => {
		const hardwareIdentifier = generateHardwareHash("B");
		assert.deepEqual(found({ ...EXPECTED, hardwareIdentifier, groupTag: "Lab", productKey: "1" }), [
			'A 1: productKey is "", declared as "1"',
			"A 1: hardwareIdentifier is not the declared one",
			'A 1: groupTag is "Office", declared as "Lab"',
		]);
	});

	it("reports missing machines, and machines that are not declared", () => {
		assert.deepEqual(found({ ...EXPECTED, serialNumber: "a 1" }), [
			"a 1 is declared but is not registered",
			"A 1 is registered but is not declared",
		]);
	});

	it("reports a machine that is registered twice", () => {
		const second = { ...EXPECTED, hardwareIdentifier: generateHardwareHash("A 1", { model: "Other" }) };
		const [{ id } = { id: "" }] = emulator.control.machines.seed([second]);
		assert.deepEqual(found(EXPECTED), ["A 1 is registered 2 times"]);
		emulator.control.machines.remove(id);
	});

	it("reads the file unchanged", async () => {
		const folder = await mkdtemp(join(tmpdir(), "machines-"));
		const file = join(folder, "machines.csv");
		writeFileSync(file, `Device Serial Number,Windows Product ID,Hardware Hash\nA 1,,${HASH}\n`);
		assert.deepEqual(readExpectedMachines(file), [{ ...EXPECTED, groupTag: "", userPrincipalName: "" }]);
		await rm(folder, { recursive: true });
	});
});
