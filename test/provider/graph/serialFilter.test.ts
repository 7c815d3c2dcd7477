import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { buildSerialNumberFilter } from "../../../provider/graph/serialFilter.ts";

const wordIn = (filter: string | undefined): string | undefined =>
	/^contains\(serialNumber,'([A-Za-z0-9]+)'\)$/.exec(filter ?? "")?.[1];

describe("the filter for a serial number", () => {
	const cases: readonly [serialNumber: string, word: string][] = [
		["5CG1234ABC", "5CG1234ABC"],
		["VMware-56 4d 2c 77-b1", "VMware"],
		["1234-5678", "1234"],
		["Default string", "Default"],
		["O'Brien&top=1", "Brien"],
		["ßäé-7", "7"],
	];
	for (const [serialNumber, word] of cases) {
		test(`${serialNumber} asks for ${word}`, () => {
			assert.deepEqual(buildSerialNumberFilter(serialNumber), { $filter: `contains(serialNumber,'${word}')` });
		});
	}

	test("without a letter or a digit is none", () => {
		for (const serialNumber of ["", " ", "-", "..", "ßä"]) assert.deepEqual(buildSerialNumberFilter(serialNumber), {});
	});

	test("always finds the machine, and never has what Graph was seen to refuse", () => {
		const serial = fc.string({
			unit: fc.constantFrom("a", "B", "7", "-", " ", "'", "é", "%"),
			maxLength: 12,
		});
		fc.assert(
			fc.property(fc.oneof(serial, fc.string()), (serialNumber) => {
				const { $filter } = buildSerialNumberFilter(serialNumber);
				const word = wordIn($filter);
				assert.equal(word === undefined, !/[A-Za-z0-9]/.test(serialNumber));
				assert.equal(word === undefined, $filter === undefined);
				assert.ok(serialNumber.includes(word ?? ""));
			}),
		);
	});
});
