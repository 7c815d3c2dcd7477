import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { generateHardwareHash } from "./hardwareHash.ts";
import { isBinary, readReport, toMachineKey } from "./hardwareReport.ts";

test("a generated hash has 4000 characters and the layout of an OA3 report", () => {
	const hash = generateHardwareHash("5CG1234XYZ");
	assert.equal(hash.length, 4000);
	assert.match(hash, /^T0[EF].+A{100}$/);
	const bytes = Buffer.from(hash, "base64");
	const end = bytes.readUInt16LE(2);
	assert.equal(bytes.toString("latin1", end, end + 2), "CS");
	assert.equal(bytes.readUInt16LE(end + 2), 36);
	const digest = createHash("sha256").update(bytes.subarray(0, end)).digest();
	assert.deepEqual(bytes.subarray(end + 4, end + 36), digest);
	assert.ok(bytes.subarray(end + 36).every((byte) => byte === 0));
	assert.deepEqual(readReport(hash), {
		uuid: createHash("sha256").update("machine 5CG1234XYZ").digest("hex").slice(0, 32),
		serialNumber: "5CG1234XYZ",
		manufacturer: "Contoso",
		model: "Standard",
	});
});

test("a generated hash is the same for the same serial number, and differs for another", () => {
	assert.equal(generateHardwareHash("a"), generateHardwareHash("a"));
	assert.notEqual(generateHardwareHash("a"), generateHardwareHash("b"));
	assert.notEqual(generateHardwareHash("a"), generateHardwareHash("a", { uuid: Buffer.alloc(16) }));
	assert.equal(Buffer.from(generateHardwareHash("a", { size: 4096 }), "base64").length, 4096);
});

test("a hash that is collected again is another text of the same machine, with entries that do not ascend", () => {
	const [march, june] = [3, 6].map((collectedAt) => generateHardwareHash("a", { collectedAt }));
	assert.ok(march !== undefined && june !== undefined);
	assert.notEqual(march, june);
	assert.deepEqual(readReport(march), readReport(generateHardwareHash("a")));
	assert.equal(toMachineKey(march), toMachineKey(june));
	assert.notEqual(toMachineKey(march), toMachineKey(generateHardwareHash("b", { collectedAt: 3 })));
	const bytes = Buffer.from(march, "base64");
	const types: number[] = [];
	for (let at = 4; at < bytes.readUInt16LE(2); at += bytes.readUInt16LE(at + 2))
		types.push(bytes.readUInt16LE(at));
	assert.deepEqual(types.slice(0, 5), [1, 2, 5, 3, 4]);
	assert.equal(bytes.readUInt16LE(6), 28);
});

test("only base64 with padding is binary", () => {
	for (const text of ["", "T0E=", "T0EA", "+/==", generateHardwareHash("a")]) assert.ok(isBinary(text), text);
	for (const text of ["T0E", "T0E =", "T-E_", "T0E=T0E=", "=", "T0EA="]) assert.ok(!isBinary(text), text);
});
