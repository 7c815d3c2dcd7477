import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	explainTextComparison,
	isTextFingerprint,
	listMachineFingerprints,
} from "../../../provider/rules/machineFingerprint.ts";
import { generateHardwareHash, type HashedMachine } from "../../emulator/graph/hardwareHash.ts";

const fingerprint = (machine: HashedMachine, serial = "S-1"): string =>
	listMachineFingerprints(generateHardwareHash(serial, machine))[0];

describe("the fingerprint of a hash", () => {
	test("is of what the hash says, and the second one of its text", () => {
		const [march, june] = [3, 6].map((collectedAt) =>
			listMachineFingerprints(generateHardwareHash("S-1", { collectedAt })),
		);
		assert.match(march?.[0] ?? "", /^machine:[0-9a-f]{16}$/);
		assert.equal(march?.[0], june?.[0]);
		assert.notEqual(march?.[1], june?.[1]);
		assert.deepEqual(
			[isTextFingerprint(march?.[0] ?? ""), isTextFingerprint(march?.[1] ?? "")],
			[false, true],
		);
	});

	test("differs for another mainboard, serial number, manufacturer or model", () => {
		const all = [
			fingerprint({}),
			fingerprint({ uuid: Buffer.alloc(16, 7) }),
			fingerprint({ manufacturer: "Fabrikam" }),
			fingerprint({ model: "Slate" }),
			fingerprint({ uuid: Buffer.alloc(16, 7) }, "S-2"),
		];
		assert.equal(new Set(all).size, all.length);
	});

	for (const [title, uuid] of [
		["zeros", Buffer.alloc(16)],
		["F", Buffer.alloc(16, 0xff)],
		["FE", Buffer.alloc(16, 0xfe)],
		["a default of American Megatrends", Buffer.from("00020003000400050006000700080009", "hex")],
		["the same in the order of a GUID", Buffer.from("03000200040005000006000700080009", "hex")],
		["an empty service tag of Dell", Buffer.from("44454c4c00001020802080c04f202020", "hex")],
	] as const) {
		test(`is only of its text if the UUID is ${title}`, () => {
			const hash = generateHardwareHash("S-1", { uuid });
			const [first, ...others] = listMachineFingerprints(hash);
			assert.ok(isTextFingerprint(first));
			assert.deepEqual(others, []);
			assert.equal(
				explainTextComparison(hash),
				"the UUID in the hash is a placeholder that many machines have",
			);
		});
	}

	test("is only of its text if it cannot be decoded, regardless of its padding", () => {
		assert.deepEqual(listMachineFingerprints("T0E"), listMachineFingerprints("T0E="));
		assert.equal(listMachineFingerprints("T0E=").length, 1);
		assert.equal(explainTextComparison("T0E="), "the hash cannot be decoded");
	});
});
