import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { resolveImportId } from "../../../../provider/graph/imports/ownImports.ts";
import { createMachineInputs, HASH } from "../machines.ts";

describe("the id of an import", () => {
	test("is the same in every run, on any computer", () => {
		const inputs = createMachineInputs({ hardwareIdentifier: "T0E=", productKey: "PK-1" });
		assert.equal(resolveImportId(inputs), "e9a2acea-0c43-8b84-8938-a5f0b55cc260");
		assert.equal(resolveImportId(inputs), resolveImportId({ ...inputs }));
	});

	test("is a UUID of version 8", () => {
		const hash = fc.base64String();
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), hash, (serialNumber, hardwareIdentifier) => {
				assert.match(
					resolveImportId({ serialNumber, hardwareIdentifier }),
					/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
				);
			}),
		);
	});

	test("differs for another serial number, hash or product key", () => {
		const ids = [
			{},
			{ serialNumber: "5CG1234ABD" },
			{ hardwareIdentifier: `${HASH.slice(0, -4)}AAAB` },
			{ productKey: "PK-1" },
		].map((rest) => resolveImportId(createMachineInputs(rest)));
		assert.equal(new Set(ids).size, ids.length);
	});

	test("does not depend on managed fields or provider options", () => {
		const changed = createMachineInputs({
			groupTag: "Kiosk",
			displayName: "k-1",
			adopt: true,
			onDrift: "fail",
		});
		assert.equal(resolveImportId(changed), resolveImportId(createMachineInputs()));
	});

	test("is the same without a product key as with an empty one", () => {
		assert.equal(
			resolveImportId(createMachineInputs({ productKey: "" })),
			resolveImportId(createMachineInputs()),
		);
	});

	test("is the declared one, in lower case", () => {
		const importId = "6A1FC7A2-31D5-4E5B-8F1C-0F4BD2A9C001";
		assert.equal(resolveImportId(createMachineInputs({ importId })), importId.toLowerCase());
	});
});
