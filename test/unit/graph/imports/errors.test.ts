import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeImportRecord, type ImportRecord } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import {
	createHiddenMachineError,
	createImportError,
	isAlreadyRegistered,
	isTransient,
} from "../../../../provider/graph/imports/errors.ts";
import { createRecordJson } from "../machines.ts";

/** The record of an import that ended so. */
function ended(deviceErrorCode: number, deviceErrorName: string, deviceImportStatus = "error"): ImportRecord {
	const record = decodeImportRecord(
		createRecordJson({ deviceImportStatus, deviceErrorCode, deviceErrorName }),
	);
	assert.ok(record !== undefined);
	return record;
}

/** The names that the service has for its errors, with the numbers that were seen with them. */
const NAMES: readonly [code: number, name: string][] = [
	[640, "StorageError"],
	[801, "InvalidZtdRequestBody"],
	[802, "InvalidZtdHardwareHash"],
	[803, "MissingZtdSerialNumberAndProductKey"],
	[806, "ZtdDeviceAlreadyAssigned"],
	[807, "ZtdDeviceIsNotRegistered"],
	[808, "ZtdDeviceAssignedToOtherTenant"],
	[809, "ZtdProfileIsNotRegistered"],
	[810, "ZtdProfileAssignedToOtherTenant"],
	[811, "ZtdDeviceRegisteredByOtherTenant"],
	[812, "ZtdDeviceNotFound"],
	[813, "ZtdDeviceIsNotUnique"],
	[814, "ZtdDeviceAlreadyAadRegistered"],
	[815, "ZtdDeviceDuplicated"],
];

/** What a message says besides the machine, the number and the name. */
const wordsOf = (message: string): string =>
	message.replace(/^Importing machine "5CG1234ABC" failed: /, "").replace(/ \(.*?\)\./, "");

describe("an import that failed", () => {
	for (const [code, name] of NAMES) {
		test(`with ${name} says what that means and what to do`, () => {
			const { message, code: ours } = createImportError(ended(code, name));
			assert.equal(ours, "ImportFailed");
			assert.match(
				message,
				new RegExp(
					`^Importing machine "5CG1234ABC" failed: [a-z].{20,}? \\(${code}, ${name}\\)\\. [A-Z].{20,}\\.$`,
				),
			);
			assert.doesNotMatch(message, /Look the name up/);
		});
	}

	test("because the machine is registered here already says how to take it over", () => {
		const { message } = createImportError(ended(806, "ZtdDeviceAlreadyAssigned"));
		assert.ok(message.endsWith("To take it over as it is declared, set `adopt: true` on it."));
		assert.match(
			createHiddenMachineError(ended(806, "ZtdDeviceAlreadyAssigned")).message,
			/, with `adopt: true` to take it over\.$/,
		);
	});

	test("has words of its own for each name", () => {
		const words = NAMES.map(([code, name]) => wordsOf(createImportError(ended(code, name)).message));
		assert.equal(new Set(words).size, NAMES.length);
	});

	test("is known by its name, whatever number comes with it", () => {
		const seen = createImportError(ended(806, "ZtdDeviceAssignedToOtherTenant"));
		assert.match(seen.message, /: the machine is registered in another tenant \(806, ZtdDeviceAssigned/);
	});

	test("is known by the other spelling of its name", () => {
		const [one, other] = ["ZtdDeviceAssignedToOtherTenant", "ZtdDeviceAssignedToAnotherTenant"].map((name) =>
			wordsOf(createImportError(ended(808, name)).message),
		);
		assert.equal(one, other);
	});

	test("with a name that nobody knows shows it, and how the import ended", () => {
		assert.equal(
			createImportError(ended(899, "ZtdSomethingNew")).message,
			'Importing machine "5CG1234ABC" failed: it ended as "error" (899, ZtdSomethingNew). Look the name up in ' +
				"Microsoft's list of Autopilot import errors.",
		);
	});

	test("without a name shows how the import ended", () => {
		assert.match(
			createImportError(ended(0, "", "partial")).message,
			/failed: it ended as "partial" \(0, partial\)/,
		);
		assert.match(createImportError(ended(7, "")).message, /failed: it ended as "error" \(7, error\)/);
	});

	test("with a name that only JavaScript knows is as unknown as any", () => {
		assert.match(
			createImportError(ended(1, "constructor")).message,
			/it ended as "error" \(1, constructor\)\. Look/,
		);
	});
});

test("only a machine registered in this tenant can be adopted", () => {
	const names = NAMES.filter(([code, name]) => isAlreadyRegistered(ended(code, name)));
	assert.deepEqual(names, [[806, "ZtdDeviceAlreadyAssigned"]]);
	assert.equal(isAlreadyRegistered(ended(806, "ZtdDeviceAssignedToOtherTenant")), false);
});

test("only trouble of the service's storage passes", () => {
	const names = NAMES.filter(([code, name]) => isTransient(ended(code, name)));
	assert.deepEqual(names, [[640, "StorageError"]]);
});
