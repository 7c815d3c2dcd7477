import assert from "node:assert/strict";
import { relative } from "node:path";
import { describe, test } from "node:test";
import { readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import {
	abbreviateHashes,
	expandHashes,
	HEADER,
	listCsvFaults,
	readInAllEncodings,
	writeCsv,
} from "./csvFile.ts";

/** Returns the UUID of a mainboard. */
function createUuid(index: number): Buffer {
	return Buffer.from(String(index).padStart(16, "0"));
}

const FULL = {
	serialNumber: "5CG1234ABC",
	hardwareIdentifier: "{4}",
	productKey: "00330-80000-00000-AA123",
	groupTag: "Kiosk",
	assignedUserPrincipalName: "ada@contoso.com",
};
const FULL_LINE = "5CG1234ABC,00330-80000-00000-AA123,{4},Kiosk,ada@contoso.com";

const BARE = { serialNumber: "A-1", hardwareIdentifier: "{1}" };

describe("a list of the portal", () => {
	test("returns a row for each machine, in the file's order", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER}\n${FULL_LINE}\nA-1,,{1},,\n`), [FULL, BARE]);
	});

	test("returns no properties for blank cells", () => {
		const [row] = readInAllEncodings(`${HEADER}\nA-1, ,{1},\t,  \n`);
		assert.deepEqual(row && Object.keys(row).sort(), ["hardwareIdentifier", "serialNumber"]);
	});

	test("may have no machines", () => {
		assert.deepEqual(readInAllEncodings(HEADER), []);
		assert.deepEqual(readInAllEncodings(`\r\n${HEADER}\r\n\r\n`), []);
	});

	test("may have more machines than the portal accepts, and hashes of the usual length", () => {
		const machines = Array.from({ length: 501 }, (_, index) => ({
			serialNumber: "Default string",
			hardwareIdentifier: generateHardwareHash("Default string", { uuid: createUuid(index) }),
		}));
		const lines = machines.map(
			({ serialNumber, hardwareIdentifier }) => `${serialNumber},,${hardwareIdentifier},,`,
		);
		assert.deepEqual(readAutopilotCsv(writeCsv([HEADER, ...lines].join("\r\n"))), machines);
	});

	test("is read relative to the working directory", () => {
		const path = relative(process.cwd(), writeCsv(expandHashes(`${HEADER}\n${FULL_LINE}`)));
		assert.deepEqual(abbreviateHashes(readAutopilotCsv(path)), [FULL]);
	});
});

describe("the columns", () => {
	test("may be in any order, and optional ones may be missing", () => {
		assert.deepEqual(readInAllEncodings("Hardware Hash,Group Tag,Device Serial Number\n{1},Kiosk,A-1"), [
			{ ...BARE, groupTag: "Kiosk" },
		]);
		assert.deepEqual(readInAllEncodings("Device Serial Number,Hardware Hash\nA-1,{1}"), [BARE]);
	});

	test("are recognized regardless of case, spaces, underscores, quotes and a second byte order mark", () => {
		const headers = [
			"device serial number,HARDWARE HASH,grouptag",
			"DeviceSerialNumber,Hardware_Hash,GROUP_TAG",
			`"Device Serial Number","Hardware Hash"," Group  Tag "`,
			`"'Device Serial Number'","""Hardware Hash""",Group Tag`,
			`"Device\r\nSerial Number","Hardware Hash","Group\nTag"`,
			"\uFEFFDevice Serial Number,Hardware\u00A0Hash,Group Tag",
		];
		for (const header of headers)
			assert.deepEqual(
				readInAllEncodings(`${header}\nA-1,{1},Kiosk`),
				[{ ...BARE, groupTag: "Kiosk" }],
				header,
			);
	});

	test("may contain the group tag under its former name", () => {
		assert.deepEqual(
			readInAllEncodings("Device Serial Number,Windows Product ID,Hardware Hash,Order ID\nA-1,,{1},Kiosk"),
			[{ ...BARE, groupTag: "Kiosk" }],
		);
	});

	test("may include those for the Partner Center, which are ignored", () => {
		const header = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
		assert.deepEqual(readInAllEncodings(`${header}\nA-1,,{1},Contoso,Slate 4`), [BARE]);
	});
});

describe("the separator", () => {
	for (const [name, separator] of [
		["semicolons", ";"],
		["tabs", "\t"],
	] as const) {
		test(`may be ${name}, with commas in the cells`, () => {
			const text = `${HEADER}\n${FULL_LINE}`.replaceAll(",", separator);
			assert.deepEqual(readInAllEncodings(text.replace("Kiosk", "Kiosk, north")), [
				{ ...FULL, groupTag: "Kiosk, north" },
			]);
		});
	}

	test("is detected below empty lines, and in names that span two lines", () => {
		assert.deepEqual(readInAllEncodings(`\n;;\n"Device Serial\nNumber";"Hardware Hash"\nA-1;{1}`), [BARE]);
	});

	test("is detected in the header only, whatever the cells below contain", () => {
		assert.deepEqual(
			readInAllEncodings(
				"Device Serial Number,Hardware Hash,Group Tag\nA-1,{1},a;b;c;d;e;f\nA-2,{2},g;h;i;j;k;l",
			).map(({ groupTag }) => groupTag),
			["a;b;c;d;e;f", "g;h;i;j;k;l"],
		);
	});
});

describe("the lines", () => {
	for (const [name, end] of [
		["LF", "\n"],
		["CRLF", "\r\n"],
		["CR", "\r"],
	] as const) {
		test(`may end with ${name}, the last one without`, () => {
			const lines = [HEADER, FULL_LINE, "A-1,,{1},,"];
			assert.deepEqual(readInAllEncodings(lines.join(end)), [FULL, BARE]);
			assert.deepEqual(readInAllEncodings(`${lines.join(end)}${end}`), [FULL, BARE]);
		});
	}

	test("may be empty or contain only blank cells", () => {
		assert.deepEqual(readInAllEncodings(`\n  \n${HEADER}\n\n${FULL_LINE}\n,,,,\n , ,\n\nA-1,,{1},,\n\n`), [
			FULL,
			BARE,
		]);
	});

	test("may be padded with blank cells, including the header", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER},,\n${FULL_LINE},,\nA-1,,{1},,,,,,\n`), [FULL, BARE]);
	});
});

describe("the cells", () => {
	test("may be in quotes, and then contain separators and quotes, and end with a line break", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER}\r\n"A-1","","{1}\r\n","19"" rack, north",""\r\n`), [
			{ ...BARE, groupTag: '19" rack, north' },
		]);
	});

	test("with serial numbers are returned unchanged", () => {
		for (const serialNumber of [" VMware-56 4d  8f ", "0012", "5E10", "1.5", "#7", "ß-Ü", "-"])
			assert.deepEqual(readInAllEncodings(`${HEADER}\n${serialNumber},,{1},,`), [{ ...BARE, serialNumber }]);
	});

	test("of all other columns are trimmed", () => {
		const line = FULL_LINE.split(",").join(" , ").replace("5CG1234ABC ", "5CG1234ABC");
		assert.deepEqual(readInAllEncodings(`${HEADER}\n${line}  `), [FULL]);
	});

	test("may contain letters of every language", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER}\nA-1,,{1},Büro 東京 🖥,`), [
			{ ...BARE, groupTag: "Büro 東京 🖥" },
		]);
	});
});

describe("machines", () => {
	test("may share a product id, and a serial number that firmware reports if nobody filled it in", () => {
		const rows = readInAllEncodings(
			`${HEADER}\nDefault string,00330,{1},,\nDefault string,00330,{2},,\nDefault string,,{3},,`,
		);
		assert.deepEqual(
			rows.map(({ hardwareIdentifier }) => hardwareIdentifier),
			["{1}", "{2}", "{3}"],
		);
	});
});

describe("lines above the header", () => {
	test("of Windows PowerShell, of Excel and of comments are used or skipped", () => {
		for (const preamble of ["#TYPE Selected.Machine\r\n", "# comment\n\n", "sep=,\r\n"])
			assert.deepEqual(
				readInAllEncodings(`${preamble}"Device Serial Number","Hardware Hash"\r\n"A-1","{1}"\r\n`),
				[BARE],
			);
		assert.deepEqual(readInAllEncodings("sep=|\nDevice Serial Number|Hardware Hash\nA-1|{1}\n"), [BARE]);
	});
});

describe("the report of Configuration Manager", () => {
	const TITLES = "Device Serial Number,Windows Product ID,Hardware Hash";
	const HEAD =
		"Report,Description\r\nWindows Autopilot Device Information,Made up\r\n\r\nTextbox1,Textbox2,Textbox3,Serial,Product,Hash\r\n";

	test("is read: lines above its table, and the titles repeated in each row", () => {
		const rows = [`${TITLES},A-1,,{1}`, `${TITLES},5CG1234ABC,00330-80000-00000-AA123,{4}`];
		assert.deepEqual(readInAllEncodings(`${HEAD}${rows.join("\r\n")}\r\n`), [
			BARE,
			{
				serialNumber: "5CG1234ABC",
				hardwareIdentifier: "{4}",
				productKey: "00330-80000-00000-AA123",
			},
		]);
	});

	test("has problems with the lines and the cells of the file", () => {
		assert.deepEqual(
			listCsvFaults(`${HEAD}${TITLES},A-1,,{1}\r\n${TITLES},A-2,\r\nx,y,z,A-3,,{3}\r\n${TITLES},,,{S-4}\r\n`),
			[
				"7:1 does not begin with the titles of the columns, as the other rows of the report do; drop the row",
				"6:6 the row has 5 cells, the header 6; an empty cell still needs its separator",
				'8:4 Device Serial Number is blank; fill it in, or drop the row; the hardware hash has the serial number "S-4"',
			],
		);
	});
});
