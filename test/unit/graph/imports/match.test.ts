import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImportRecord } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { decodeImportRecord } from "../../../../provider/graph/autopilotIdentity.wire.ts";
import { matchRecords } from "../../../../provider/graph/imports/match.ts";
import { generateHardwareHash } from "../../../emulator/graph/hardwareHash.ts";
import { createMachineInputs, createRecordJson } from "../machines.ts";

const send = (importId: string, serialNumber: string) => ({
	importId,
	inputs: createMachineInputs({ serialNumber }),
});
const receive = (id: string, serialNumber: string | null, importId: string | null = null) =>
	decodeImportRecord(createRecordJson({}, { id, serialNumber, importId }));

/** Returns the ids of the records, in the order of the imports; undefined for an import without one. */
function match(sent: readonly ReturnType<typeof send>[], rows: readonly (ImportRecord | undefined)[]) {
	const matches = matchRecords(sent, rows);
	return sent.map((each) => matches.get(each)?.id);
}

test("import ids decide, in any order, unless the record is of another machine", () => {
	const sent = [send("a", "S"), send("b", "S"), send("c", "T")];
	const rows = [receive("r-1", "U", "c"), receive("r-2", "S", "B"), receive("r-3", "S", "a")];
	assert.deepEqual(match(sent, rows), ["r-3", "r-2", undefined]);
});

test("without ids, imports of one serial number are matched in order", () => {
	const sent = [send("a", "S"), send("b", "T"), send("c", "S")];
	assert.deepEqual(match(sent, [receive("r-1", "S"), receive("r-2", "T"), receive("r-3", "S", "r-3")]), [
		"r-1",
		"r-2",
		"r-3",
	]);
});

test("without ids, none of a serial number is matched if one of its records is missing", () => {
	const sent = [send("a", "S"), send("b", "T"), send("c", "S")];
	assert.deepEqual(match(sent, [receive("r-1", "S"), receive("r-2", "T")]), [undefined, "r-2", undefined]);
	assert.deepEqual(match(sent, [receive("r-1", "S"), undefined, receive("r-2", "T")]), [
		undefined,
		"r-2",
		undefined,
	]);
});

test("records without ids and serial numbers are matched by their place in a complete response only", () => {
	const sent = [send("a", "S"), send("b", "T")];
	const [first, second] = [receive("r-1", null), receive("r-2", "T")];
	assert.deepEqual(match(sent, [first, second]), ["r-1", "r-2"]);
	assert.deepEqual(match(sent, [first]), [undefined, undefined]);
});

test("a record may have the serial number of the hash", () => {
	const hardwareIdentifier = generateHardwareHash("PF2ABCDE");
	const sent = { importId: "a", inputs: createMachineInputs({ serialNumber: "S", hardwareIdentifier }) };
	const record = receive("r-1", "PF2ABCDE", "a");
	assert.deepEqual(matchRecords([sent], [record]).get(sent), record);
});
