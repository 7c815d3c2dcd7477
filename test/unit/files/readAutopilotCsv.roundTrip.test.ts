import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AutopilotCsvRow, MachineProperty } from "../../../provider/files/autopilotCsv.schema.ts";
import { readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { describeInvisibleCharacter } from "../../../provider/text/invisibleCharacters.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { ENCODINGS, generateHardText, writeCsv } from "./csvFile.ts";

const TITLES: Readonly<Record<MachineProperty, string>> = {
	serialNumber: "Device Serial Number",
	productKey: "Windows Product ID",
	hardwareIdentifier: "Hardware Hash",
	groupTag: "Group Tag",
	assignedUserPrincipalName: "Assigned User",
};

const text = generateHardText(["\r"]);
const printable = text.map((value) => value.trim()).filter((value) => !/\p{Cc}/u.test(value));
/** Serial numbers with any characters that can be seen; the hash has the same ones, so that none looks like a spreadsheet's. */
const serialNumber = text.filter((value) => describeInvisibleCharacter(value) === undefined);
const user = fc.tuple(fc.stringMatching(/^[a-z.']{1,8}$/), fc.domain()).map((parts) => parts.join("@"));

const machine = fc
	.record(
		{
			serialNumber,
			uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }),
			productKey: text.map((value) => value.trim()),
			groupTag: printable,
			assignedUserPrincipalName: user,
		},
		{ requiredKeys: ["serialNumber", "uuid"], noNullPrototype: true },
	)
	.map(({ uuid, ...rest }) => ({
		...rest,
		hardwareIdentifier: generateHardwareHash(rest.serialNumber, { uuid: Buffer.from(uuid) }),
	}));
const machines = fc.uniqueArray(machine, { selector: (row) => row.serialNumber.trim(), maxLength: 8 });

const form = fc.record({
	separator: fc.constantFrom(",", ";", "\t"),
	end: fc.constantFrom("\n", "\r\n"),
	columns: fc.shuffledSubarray(Object.keys(TITLES) as MachineProperty[], { minLength: 5 }),
	quoteAll: fc.boolean(),
	encoding: fc.constantFrom(...Object.keys(ENCODINGS)),
});

type Form = typeof form extends fc.Arbitrary<infer Value> ? Value : never;

function listOf(rows: readonly AutopilotCsvRow[], { separator, end, columns, quoteAll }: Form): string {
	const quoted = (cell: string) =>
		quoteAll || /[,;\t"\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
	const lines = [columns.map((column) => TITLES[column])].concat(
		rows.map((row) => columns.map((column) => row[column] ?? "")),
	);
	return lines.map((cells) => cells.map(quoted).join(separator) + end).join("");
}

test("a written file is read with any separator, line break, order of columns, quotes and encoding", () => {
	fc.assert(
		fc.property(machines, form, (rows, form) => {
			const bytes = ENCODINGS[form.encoding]?.(listOf(rows, form));
			assert.ok(bytes);
			assert.deepEqual(
				readAutopilotCsv(writeCsv(bytes)),
				rows.map((row) => ({ ...row })),
			);
		}),
		{ numRuns: 300 },
	);
});
