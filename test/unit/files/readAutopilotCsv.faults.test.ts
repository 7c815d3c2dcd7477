import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { type AutopilotCsvError, readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { HEADER, listCsvFaults, readRefusedCsv, readRefusedInAllEncodings, writeCsv } from "./csvFile.ts";

const KNOWN =
	'"Device Serial Number", "Windows Product ID", "Hardware Hash", "Group Tag", "Assigned User", "Order ID", "Manufacturer name", "Device model"';

/** The remedy for a hash that an editor or a spreadsheet damaged. */
const EXPORT_AGAIN =
	"export the row again (`Get-WindowsAutopilotInfo -OutputFile machines.csv`) and do not save the file in a spreadsheet";

describe("the error", () => {
	test("lists all problems of a file at once, in the file's order", () => {
		const error = readRefusedInAllEncodings(`${HEADER},Site\n,,T0E,,,\nA-2,,T0E=,,,,X\nA-3,,,,,\n`);
		assert.deepEqual(
			error.faults.map(({ line, column }) => [line, column]),
			[
				[1, 6],
				[2, 1],
				[2, 3],
				[3, 7],
				[4, 3],
			],
		);
		assert.deepEqual(error.message.split("\n"), [
			`"${error.path}" cannot be used as a list of Autopilot machines:`,
			...error.faults.map(({ line, column, text }) => `- line ${line}, column ${column}: ${text}`),
			"[AutopilotCsvError]",
		]);
	});

	test("lists twenty problems in the message, counts the others, and contains all of them", () => {
		const twenty = readRefusedCsv(`${HEADER}\n${"A,,,,\n".repeat(20)}`);
		assert.doesNotMatch(twenty.message, /more\n/);
		const error = readRefusedCsv(`${HEADER}\n${"A,,,,\n".repeat(23)}`);
		assert.equal(error.message.split("\n").length, 1 + 20 + 2);
		assert.match(error.message, /\n- and 3 more\n\[AutopilotCsvError\]$/);
		assert.equal(error.faults.length, 23);
	});

	test("has a code, and Pulumi shows it without a stack", () => {
		const error = readRefusedCsv("");
		assert.equal(error.code, "AutopilotCsvError");
		assert.equal(error.name, "AutopilotCsvError");
		assert.ok(pulumi.RunError.isInstance(error));
	});

	test("says why a file cannot be opened", () => {
		const path = `${writeCsv("")}.missing`;
		assert.throws(
			() => readAutopilotCsv(path),
			(error: AutopilotCsvError) => {
				assert.equal(error.code, "AutopilotCsvError");
				assert.equal(
					error.message,
					`"${path}" cannot be used as a list of Autopilot machines:\n- it cannot be opened (ENOENT); relative paths start at ${process.cwd()}\n[AutopilotCsvError]`,
				);
				assert.deepEqual(
					error.faults.map(({ line, column }) => [line, column]),
					[[0, 0]],
				);
				return true;
			},
		);
	});

	test("is a TypeError for a path that is not a string, such as an output", () => {
		for (const path of [pulumi.output("machines.csv"), 0, undefined])
			assert.throws(() => Reflect.apply(readAutopilotCsv, undefined, [path]), TypeError);
	});

	test("never repeats a hash", () => {
		const hash = "T0FzZWNyZXQ".repeat(5);
		const lists = [
			`${HEADER}\nA,,${hash}!,,`,
			`${HEADER}\nA,,${hash}aaa,,`,
			`${HEADER}\nA,,${hash}a,,\nB,,${hash}a,,`,
			`${HEADER}\nA,${hash}a\n`,
			`${HEADER}\nA,,,,,,${hash}\n`,
			`${HEADER}\nA,,"${hash}"a,,`,
			`${HEADER}\nA,,${hash}",,`,
			`${HEADER}\nA,,"${hash},,`,
			`A,,${hash},,\nB,,${hash},,`,
			`Device Serial Number,Hardware Hash,${hash}`,
			`${hash},Group Tag,Group Tag`,
		];
		for (const list of lists) {
			const error = readRefusedInAllEncodings(list);
			assert.ok(!inspect(error, { depth: 9 }).includes("T0FzZWNyZXQ"), inspect(error));
		}
	});
});

describe("a header", () => {
	test("without a required column is reported with the columns that are present", () => {
		assert.deepEqual(listCsvFaults("Device Serial Number,Group Tag\nA,Kiosk"), [
			`1:3 the column "Hardware Hash" is missing; the file has "Device Serial Number", "Group Tag"`,
		]);
		assert.deepEqual(listCsvFaults("Hardware Hash;Group Tag;;\nT0E=;Kiosk"), [
			`1:3 the column "Device Serial Number" is missing; the file has "Hardware Hash", "Group Tag"`,
		]);
		assert.deepEqual(listCsvFaults("Device Serial Number,,Group Tag"), [
			'1:2 the column has no name; name it, drop it, or set ignoreColumns: [""]',
			`1:4 the column "Hardware Hash" is missing; the file has "Device Serial Number", "Group Tag"`,
		]);
	});

	test("without any known column is not a header, even if it is a machine", () => {
		const headless = `0:0 its first line must name the columns: "Device Serial Number" and "Hardware Hash", optionally "Windows Product ID", "Group Tag" and "Assigned User"; if the file names them differently, set columns: { "its name": "serialNumber" }`;
		for (const text of ["", "\n\n", "A,,T0E=,,", "Site|Rack\n1|2"])
			assert.deepEqual(listCsvFaults(text), [headless]);
	});

	test("must not have an unknown column, since its cells would be lost", () => {
		assert.deepEqual(listCsvFaults(`${HEADER},Site\nA,,T0E=,,,North`), [
			`1:6 "Site" is not a known column; drop it, set ignoreColumns: ["Site"], or set columns: { "Site": "…" } to read it as one of ${KNOWN}`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},,Site\nA,,T0E=,,,,North`), [
			'1:6 the column has no name; name it, drop it, or set ignoreColumns: [""]',
			`1:7 "Site" is not a known column; drop it, set ignoreColumns: ["Site"], or set columns: { "Site": "…" } to read it as one of ${KNOWN}`,
		]);
	});

	for (const [name, meant, property] of [
		["Grup Tag", "Group Tag", "groupTag"],
		["Group Tags", "Group Tag", "groupTag"],
		["Tag", "Group Tag", "groupTag"],
		["Asigned Usr", "Assigned User", "assignedUserPrincipalName"],
		["Serial Number", "Device Serial Number", "serialNumber"],
		["serialNumber", "Device Serial Number", "serialNumber"],
		["Hash", "Hardware Hash", "hardwareIdentifier"],
		["hardwareIdentifier", "Hardware Hash", "hardwareIdentifier"],
		["Product Key", "Windows Product ID", "productKey"],
		["assignedUserPrincipalName", "Assigned User", "assignedUserPrincipalName"],
		["Order Ids", "Order ID", "groupTag"],
	] as const) {
		test(`with "${name}" gets the suggestion "${meant}"`, () => {
			const [fault] = listCsvFaults(`${name},Manufacturer name\n`);
			assert.equal(
				fault,
				`1:1 "${name}" is not a known column; did you mean "${meant}"? Rename it, drop it, set ignoreColumns: ["${name}"], or set columns: { "${name}": "${property}" }. Known columns: ${KNOWN}`,
			);
		});
	}

	test("gets no suggestion for a name that is three letters off or has two letters", () => {
		for (const name of ["Grp Tg", "Gorup Tagg", "ID"])
			assert.match(
				listCsvFaults(`${name},Manufacturer name\n`)[0] ?? "",
				/ is not a known column; drop it, set ignoreColumns: /,
			);
	});

	test("must not have two columns for the same property, under the same name or two names", () => {
		assert.deepEqual(listCsvFaults(`${HEADER},order id\nA,,T0E=,x,,y`), [
			`1:6 "order id" has the same meaning as column 4, "Group Tag"; keep one of them, or set ignoreColumns: ["order id"]`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},Order ID,GroupTag`), [
			`1:6 "Order ID" has the same meaning as column 4, "Group Tag"; keep one of them, or set ignoreColumns: ["Order ID"]`,
			`1:7 "GroupTag" has the same meaning as column 4, "Group Tag"; keep one of them`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},HardwareHash\nA,,T0E=,x,,T0FF`), [
			`1:6 "HardwareHash" has the same meaning as column 3, "Hardware Hash"; keep one of them`,
		]);
	});

	test("with a problem does not prevent the rows from being checked", () => {
		assert.deepEqual(listCsvFaults(`Device Serial Number,Hash\n,T0E=\nA,T0FF\n`).slice(2), [
			"2:1 Device Serial Number is blank; fill it in, or drop the row",
		]);
	});
});

describe("a row", () => {
	test("must have as many cells as the header", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\nA\nB,,T0E=\nC,,T0FF,Kiosk,,north\n`), [
			"2:2 the row has 1 cell, the header 5; an empty cell still needs its separator",
			"3:4 the row has 3 cells, the header 5; an empty cell still needs its separator",
			"4:6 the row has 6 cells, the header 5; a cell that contains the separator must be in quotes",
		]);
	});

	test("is reported at its first line, regardless of the rows above it", () => {
		const tag = '"two\r\n\r\nlines\rmore\n"';
		assert.deepEqual(
			listCsvFaults(`\r\n${HEADER}\r\n\r\nA,,T0E=,${tag},\r\n,,,,\r\n,,T0FF,${tag},\r\n,,T0EE,,`),
			[
				"10:1 Device Serial Number is blank; fill it in, or drop the row",
				"15:1 Device Serial Number is blank; fill it in, or drop the row",
			],
		);
	});

	test("needs a serial number and a hash", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\n,,T0E=,,\n" ",,T0FF,,\nA,00330,  ,Kiosk,\n,,,Kiosk,`), [
			"2:1 Device Serial Number is blank; fill it in, or drop the row",
			"3:1 Device Serial Number is blank; fill it in, or drop the row",
			`4:3 Hardware Hash is blank; ${EXPORT_AGAIN}`,
			"5:1 Device Serial Number is blank; fill it in, or drop the row",
			`5:3 Hardware Hash is blank; ${EXPORT_AGAIN}`,
		]);
	});

	test("must have a hash in base64 with padding", () => {
		const cut = (length: number) =>
			`Hardware Hash is not valid base64: it has ${length} characters, which is not a multiple of 4, so some were cut off; ${EXPORT_AGAIN}`;
		const stranger = (place: number) =>
			`Hardware Hash is not valid base64: character ${place} is not one of A-Z a-z 0-9 + /; ${EXPORT_AGAIN}`;
		const rows: [hash: string, fault: string][] = [
			["T0E", cut(3)],
			["T0E==", cut(5)],
			["T0-_", stranger(3)],
			["T0 E", stranger(3)],
			["T=E=", stranger(2)],
			["====", stranger(1)],
			['"T0E=\nT0E="', stranger(4)],
		];
		assert.deepEqual(
			readRefusedInAllEncodings(`${HEADER}\n${rows.map(([hash]) => `A,,${hash},,`).join("\n")}`).faults.map(
				({ text }) => text,
			),
			rows.map(([, fault]) => fault),
		);
	});

	test("must have a unique hash", () => {
		const rows = "A,,T0E=,,\nB,,T0FF,,\n\nC,, T0E= ,,\nA,,T0E=,,";
		const again =
			"Hardware Hash is the same as in line 2; a list may contain a machine only once, so drop one of the rows";
		assert.deepEqual(listCsvFaults(`${HEADER}\n${rows}`), [`5:3 ${again}`, `6:3 ${again}`]);
	});

	test("must not have a serial number that a spreadsheet converted to a number", () => {
		const serials = ["1.23457E+11", "1,23457E+11", "5E+10", " 9.1e+22 "];
		const cells = serials.map((serial, index) => `"${serial}",,T0E${index},,`);
		assert.deepEqual(
			listCsvFaults(`${HEADER}\n${cells.join("\n")}`),
			serials.map(
				(serial, index) =>
					`${index + 2}:1 Device Serial Number is "${serial.trim()}", a number that Excel shortened, so digits are lost; take it from the export again, or type it in a column that is formatted as text`,
			),
		);
	});
});

describe("quotes", () => {
	for (const [row, fault] of [
		[
			'B,,T0FF,19" rack,',
			`4 has a quote in the middle; put the whole cell in quotes and write that quote twice: ""`,
		],
		['B,"00330"x,T0FF,,', `2 continues after its closing quote; write a quote within quotes twice: ""`],
		['B,,"T0FF,,', "3 has an opening quote without a closing one"],
	] as const) {
		test(`stop the parser where they are misplaced: ${row}`, () => {
			assert.deepEqual(listCsvFaults(`${HEADER}\r\n,,T0E=,"two\r\nlines",\r\n${row}\r\nC,,T0E,,\r\n`), [
				"2:1 Device Serial Number is blank; fill it in, or drop the row",
				`4:${fault}; nothing below was read`,
			]);
		});
	}

	test("are reported for the header if they are misplaced there", () => {
		assert.deepEqual(listCsvFaults(`Device Serial Number,"Hardware Hash,Group Tag\nA,T0E=,`), [
			"1:2 has an opening quote without a closing one; nothing below was read",
		]);
	});
});

describe("a file in another encoding", () => {
	const BINARY = `it is not text in UTF-8, or in UTF-16 with a byte order mark; save it in one of these encodings (Excel: "CSV UTF-8")`;
	const LOST = `contains characters that are not valid UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and enter them again`;

	test("is reported as a whole if it is UTF-16 without a byte order mark, or a workbook", () => {
		const unmarked = Buffer.from(`${HEADER}\nA,,T0E=,,`, "utf16le");
		for (const bytes of [unmarked, Buffer.from(unmarked).swap16(), Buffer.from("PK\x03\x04\x14\0\x06\0")])
			assert.deepEqual(readRefusedCsv(bytes).faults, [{ line: 0, column: 0, text: BINARY }]);
	});

	test("such as a code page of Windows, is reported for each cell with characters that could not be decoded", () => {
		const bytes = Buffer.from(`${HEADER}\nA,,T0E=,Büro,\nÜ,,T0FF,,ünal@contoso.com`, "latin1");
		assert.deepEqual(readRefusedCsv(bytes).faults, [
			{ line: 2, column: 4, text: `Group Tag ${LOST}` },
			{ line: 3, column: 1, text: `Device Serial Number ${LOST}` },
			{ line: 3, column: 5, text: `Assigned User ${LOST}` },
		]);
	});
});
