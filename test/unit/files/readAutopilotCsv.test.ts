import assert from "node:assert/strict";
import { relative } from "node:path";
import { describe, test } from "node:test";
import { readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { HEADER, readInAllEncodings, writeCsv } from "./csvFile.ts";

const FULL = {
	serialNumber: "5CG1234ABC",
	hardwareIdentifier: "T0ECAA==",
	productKey: "00330-80000-00000-AA123",
	groupTag: "Kiosk",
	assignedUserPrincipalName: "ada@contoso.com",
};
const FULL_LINE = "5CG1234ABC,00330-80000-00000-AA123,T0ECAA==,Kiosk,ada@contoso.com";

const BARE = { serialNumber: "A-1", hardwareIdentifier: "T0E=" };

describe("a list of the portal", () => {
	test("returns a row for each machine, in the file's order", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER}\n${FULL_LINE}\nA-1,,T0E=,,\n`), [FULL, BARE]);
	});

	test("returns no properties for blank cells", () => {
		const [row] = readInAllEncodings(`${HEADER}\nA-1, ,T0E=,\t,  \n`);
		assert.deepEqual(row && Object.keys(row).sort(), ["hardwareIdentifier", "serialNumber"]);
	});

	test("may have no machines", () => {
		assert.deepEqual(readInAllEncodings(HEADER), []);
		assert.deepEqual(readInAllEncodings(`\r\n${HEADER}\r\n\r\n`), []);
	});

	test("may have more machines than the portal accepts, and hashes of the usual length", () => {
		const machines = Array.from({ length: 501 }, (_, index) => ({
			serialNumber: "Default string",
			hardwareIdentifier: Buffer.alloc(3000, `OA${index}.`).toString("base64"),
		}));
		const lines = machines.map(
			({ serialNumber, hardwareIdentifier }) => `${serialNumber},,${hardwareIdentifier},,`,
		);
		assert.deepEqual(readAutopilotCsv(writeCsv([HEADER, ...lines].join("\r\n"))), machines);
	});

	test("is read relative to the working directory", () => {
		const path = relative(process.cwd(), writeCsv(`${HEADER}\n${FULL_LINE}`));
		assert.deepEqual(readAutopilotCsv(path), [FULL]);
	});
});

describe("the columns", () => {
	test("may be in any order, and optional ones may be missing", () => {
		assert.deepEqual(readInAllEncodings("Hardware Hash,Group Tag,Device Serial Number\nT0E=,Kiosk,A-1"), [
			{ ...BARE, groupTag: "Kiosk" },
		]);
		assert.deepEqual(readInAllEncodings("Device Serial Number,Hardware Hash\nA-1,T0E="), [BARE]);
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
				readInAllEncodings(`${header}\nA-1,T0E=,Kiosk`),
				[{ ...BARE, groupTag: "Kiosk" }],
				header,
			);
	});

	test("may contain the group tag under its former name", () => {
		assert.deepEqual(
			readInAllEncodings("Device Serial Number,Windows Product ID,Hardware Hash,Order ID\nA-1,,T0E=,Kiosk"),
			[{ ...BARE, groupTag: "Kiosk" }],
		);
	});

	test("may include those for the Partner Center, which are ignored", () => {
		const header = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
		assert.deepEqual(readInAllEncodings(`${header}\nA-1,,T0E=,Contoso,Slate 4`), [BARE]);
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
		assert.deepEqual(readInAllEncodings(`\n;;\n"Device Serial\nNumber";"Hardware Hash"\nA-1;T0E=`), [BARE]);
	});

	test("is detected in the header only, whatever the cells below contain", () => {
		assert.deepEqual(
			readInAllEncodings(
				"Device Serial Number,Hardware Hash,Group Tag\nA-1,T0E=,a;b;c;d;e;f\nA-2,T0FF,g;h;i;j;k;l",
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
			const lines = [HEADER, FULL_LINE, "A-1,,T0E=,,"];
			assert.deepEqual(readInAllEncodings(lines.join(end)), [FULL, BARE]);
			assert.deepEqual(readInAllEncodings(`${lines.join(end)}${end}`), [FULL, BARE]);
		});
	}

	test("may be empty or contain only blank cells", () => {
		assert.deepEqual(readInAllEncodings(`\n  \n${HEADER}\n\n${FULL_LINE}\n,,,,\n , ,\n\nA-1,,T0E=,,\n\n`), [
			FULL,
			BARE,
		]);
	});

	test("may be padded with blank cells, including the header", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER},,\n${FULL_LINE},,\nA-1,,T0E=,,,,,,\n`), [FULL, BARE]);
	});
});

describe("the cells", () => {
	test("may be in quotes, and then contain separators, quotes and line breaks", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER}\r\n"A-1","","T0E=","19"" rack, north\r\nwing",""\r\n`), [
			{ ...BARE, groupTag: '19" rack, north\r\nwing' },
		]);
	});

	test("with serial numbers are returned unchanged", () => {
		for (const serialNumber of [" VMware-56 4d  8f ", "0012", "5E10", "1.5", "#7", "ß-Ü", "-"])
			assert.deepEqual(readInAllEncodings(`${HEADER}\n${serialNumber},,T0E=,,`), [{ ...BARE, serialNumber }]);
	});

	test("of all other columns are trimmed", () => {
		const line = FULL_LINE.split(",").join(" , ").replace("5CG1234ABC ", "5CG1234ABC");
		assert.deepEqual(readInAllEncodings(`${HEADER}\n${line}  `), [FULL]);
	});

	test("may contain letters of every language", () => {
		assert.deepEqual(readInAllEncodings(`${HEADER}\nA-1,,T0E=,Büro 東京 🖥,`), [
			{ ...BARE, groupTag: "Büro 東京 🖥" },
		]);
	});
});

describe("machines", () => {
	test("may share a serial number and a product id", () => {
		const rows = readInAllEncodings(
			`${HEADER}\nDefault string,00330,T0E=,,\nDefault string,00330,T0FF,,\nDefault string,,T0EE,,`,
		);
		assert.deepEqual(
			rows.map(({ hardwareIdentifier }) => hardwareIdentifier),
			["T0E=", "T0FF", "T0EE"],
		);
	});
});
