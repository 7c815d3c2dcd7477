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

/** Creates the record of an import with this result. */
function createEndedRecord(
	deviceErrorCode: number,
	deviceErrorName: string,
	deviceImportStatus = "error",
): ImportRecord {
	const record = decodeImportRecord(
		createRecordJson({ deviceImportStatus, deviceErrorCode, deviceErrorName }),
	);
	assert.ok(record !== undefined);
	return record;
}

/** The service's error names, with the numbers that were observed with them. */
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

/** Returns a message without the machine, the number and the name. */
const wordsOf = (message: string): string =>
	message.replace(/^Importing machine "5CG1234ABC" failed: /, "").replace(/ \(.*?\)\./, "");

describe("a failed import", () => {
	for (const [code, name] of NAMES) {
		test(`with ${name} has a message with its meaning and a remedy`, () => {
			const { message, code: ours } = createImportError(createEndedRecord(code, name));
			assert.equal(ours, "ImportFailed");
			assert.match(
				message,
				new RegExp(
					`^Importing machine "5CG1234ABC" failed: [a-z].{20,}? \\(${code}, ${name}\\)\\. [A-Z].{20,}\\.$`,
				),
			);
			assert.doesNotMatch(message, /Look up the name/);
		});
	}

	test("of a machine that is already registered here never recommends to adopt by the serial number", () => {
		const { message } = createImportError(createEndedRecord(806, "ZtdDeviceAlreadyAssigned"));
		assert.ok(message.endsWith("Adopt that registration, or delete it first."));
		const ended = createEndedRecord(806, "ZtdDeviceAlreadyAssigned");
		assert.match(createHiddenMachineError(ended, []).message, /none is listed with this serial number/);
		const other = {
			id: "m-1",
			serialNumber: "S",
			manufacturer: "A",
			model: "B",
			groupTag: "",
			productKey: "",
		};
		for (const { message: hidden } of [
			createHiddenMachineError(ended, []),
			createHiddenMachineError(ended, [other]),
		])
			assert.doesNotMatch(hidden, /`adopt: true`/);
		assert.match(
			createHiddenMachineError(ended, [other]).message,
			/another manufacturer or model .*: m-1 \(/,
		);
	});

	test("has a message of its own for each error name", () => {
		const words = NAMES.map(([code, name]) =>
			wordsOf(createImportError(createEndedRecord(code, name)).message),
		);
		assert.equal(new Set(words).size, NAMES.length);
	});

	test("is identified by the error's name, whatever its number", () => {
		const seen = createImportError(createEndedRecord(806, "ZtdDeviceAssignedToOtherTenant"));
		assert.match(seen.message, /: the machine is registered in another tenant \(806, ZtdDeviceAssigned/);
	});

	test("is identified by another spelling of the error's name", () => {
		const [one, other] = ["ZtdDeviceAssignedToOtherTenant", "ZtdDeviceAssignedToAnotherTenant"].map((name) =>
			wordsOf(createImportError(createEndedRecord(808, name)).message),
		);
		assert.equal(one, other);
	});

	test("with an unknown error name shows the name and the status", () => {
		assert.equal(
			createImportError(createEndedRecord(899, "ZtdSomethingNew")).message,
			'Importing machine "5CG1234ABC" failed: the import ended with status "error" (899, ZtdSomethingNew). Look up the name in ' +
				"Microsoft's list of Autopilot import errors.",
		);
	});

	test("without an error name shows the status", () => {
		assert.match(
			createImportError(createEndedRecord(0, "", "partial")).message,
			/failed: the import ended with status "partial" \(0, partial\)/,
		);
		assert.match(
			createImportError(createEndedRecord(7, "")).message,
			/failed: the import ended with status "error" \(7, error\)/,
		);
	});

	test("with the name of a member of Object.prototype counts as unknown", () => {
		assert.match(
			createImportError(createEndedRecord(1, "constructor")).message,
			/the import ended with status "error" \(1, constructor\)\. Look/,
		);
	});
});

test("isAlreadyRegistered is true for a machine of this tenant only", () => {
	const names = NAMES.filter(([code, name]) => isAlreadyRegistered(createEndedRecord(code, name)));
	assert.deepEqual(names, [[806, "ZtdDeviceAlreadyAssigned"]]);
	assert.equal(isAlreadyRegistered(createEndedRecord(806, "ZtdDeviceAssignedToOtherTenant")), false);
});

test("isTransient is true for a storage error only", () => {
	const names = NAMES.filter(([code, name]) => isTransient(createEndedRecord(code, name)));
	assert.deepEqual(names, [[640, "StorageError"]]);
});
