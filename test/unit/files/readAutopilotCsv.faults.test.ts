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
	test("tells all that is wrong with a list at once, in the file's order", () => {
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
			`"${error.path}" can't be used as a list of Autopilot machines:`,
			...error.faults.map(({ line, column, text }) => `- line ${line}, column ${column}: ${text}`),
			"[AutopilotCsvError]",
		]);
	});

	test("tells twenty faults, counts the others, and has them all", () => {
		const twenty = readRefusedCsv(`${HEADER}\n${"A,,,,\n".repeat(20)}`);
		assert.doesNotMatch(twenty.message, /more\n/);
		const error = readRefusedCsv(`${HEADER}\n${"A,,,,\n".repeat(23)}`);
		assert.equal(error.message.split("\n").length, 1 + 20 + 2);
		assert.match(error.message, /\n- and 3 more\n\[AutopilotCsvError\]$/);
		assert.equal(error.faults.length, 23);
	});

	test("is known by its code, and Pulumi shows it without a stack", () => {
		const error = readRefusedCsv("");
		assert.equal(error.code, "AutopilotCsvError");
		assert.equal(error.name, "AutopilotCsvError");
		assert.ok(pulumi.RunError.isInstance(error));
	});

	test("says why a file can't be opened", () => {
		const path = `${writeCsv("")}.missing`;
		assert.throws(
			() => readAutopilotCsv(path),
			(error: AutopilotCsvError) => {
				assert.equal(error.code, "AutopilotCsvError");
				assert.equal(
					error.message,
					`"${path}" can't be used as a list of Autopilot machines:\n- it can't be opened (ENOENT); a relative path begins at ${process.cwd()}\n[AutopilotCsvError]`,
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
	test("without a required column is reported with the columns that it has", () => {
		assert.deepEqual(listCsvFaults("Device Serial Number,Group Tag\nA,Kiosk"), [
			`1:3 the column "Hardware Hash" is missing; the list has "Device Serial Number", "Group Tag"`,
		]);
		assert.deepEqual(listCsvFaults("Hardware Hash;Group Tag;;\nT0E=;Kiosk"), [
			`1:3 the column "Device Serial Number" is missing; the list has "Hardware Hash", "Group Tag"`,
		]);
		assert.deepEqual(listCsvFaults("Device Serial Number,,Group Tag"), [
			'1:2 the column has no name; name it, drop it, or set ignoreColumns: [""]',
			`1:4 the column "Hardware Hash" is missing; the list has "Device Serial Number", "Group Tag"`,
		]);
	});

	test("without any known column is not a header, even if it is a machine", () => {
		const headless = `0:0 its first line must name the columns: "Device Serial Number", "Hardware Hash" and, where there are such, "Windows Product ID", "Group Tag", "Assigned User"; if the file names them differently, set columns: { "its name": "serialNumber" }`;
		for (const text of ["", "\n\n", "A,,T0E=,,", "Site|Rack\n1|2"])
			assert.deepEqual(listCsvFaults(text), [headless]);
	});

	test("may not have a column that nobody knows, since its cells would be lost", () => {
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
		test(`with "${name}" is asked whether it means "${meant}"`, () => {
			const [fault] = listCsvFaults(`${name},Manufacturer name\n`);
			assert.equal(
				fault,
				`1:1 "${name}" is not a known column; did you mean "${meant}"? Rename it, drop it, set ignoreColumns: ["${name}"], or set columns: { "${name}": "${property}" }. Known columns: ${KNOWN}`,
			);
		});
	}

	test("with a name that is three letters off, or one of two letters, is asked nothing", () => {
		for (const name of ["Grp Tg", "Gorup Tagg", "ID"])
			assert.match(
				listCsvFaults(`${name},Manufacturer name\n`)[0] ?? "",
				/ is not a known column; drop it, set ignoreColumns: /,
			);
	});

	test("may say a thing only once, under one name or two", () => {
		assert.deepEqual(listCsvFaults(`${HEADER},order id\nA,,T0E=,x,,y`), [
			`1:6 "order id" says the same as column 4, "Group Tag"; keep one of them, or set ignoreColumns: ["order id"]`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},Order ID,GroupTag`), [
			`1:6 "Order ID" says the same as column 4, "Group Tag"; keep one of them, or set ignoreColumns: ["Order ID"]`,
			`1:7 "GroupTag" says the same as column 4, "Group Tag"; keep one of them`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},HardwareHash\nA,,T0E=,x,,T0FF`), [
			`1:6 "HardwareHash" says the same as column 3, "Hardware Hash"; keep one of them`,
		]);
	});

	test("that is wrong does not keep the rows from being looked at", () => {
		assert.deepEqual(listCsvFaults(`Device Serial Number,Hash\n,T0E=\nA,T0FF\n`).slice(2), [
			"2:1 Device Serial Number is blank; fill it in, or drop the row",
		]);
	});
});

describe("a row", () => {
	test("has as many cells as the header", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\nA\nB,,T0E=\nC,,T0FF,Kiosk,,north\n`), [
			"2:2 the row has 1 cell, the header 5; a cell that says nothing still needs its separator",
			"3:4 the row has 3 cells, the header 5; a cell that says nothing still needs its separator",
			"4:6 the row has 6 cells, the header 5; a cell that holds the separator must stand in quotes",
		]);
	});

	test("is reported at its first line, whatever rows are above it", () => {
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

	test("has a hash in base64 with its padding", () => {
		const cut = (length: number) =>
			`Hardware Hash is no base64: it has ${length} characters, which is no multiple of 4, so some were cut off; ${EXPORT_AGAIN}`;
		const stranger = (place: number) =>
			`Hardware Hash is no base64: its character ${place} is none of A-Z a-z 0-9 + /; ${EXPORT_AGAIN}`;
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

	test("has a hash of its own", () => {
		const rows = "A,,T0E=,,\nB,,T0FF,,\n\nC,, T0E= ,,\nA,,T0E=,,";
		const again =
			"Hardware Hash is the one of line 2 again; a machine stands in a list once, so drop one of the rows";
		assert.deepEqual(listCsvFaults(`${HEADER}\n${rows}`), [`5:3 ${again}`, `6:3 ${again}`]);
	});

	test("has a serial number that no spreadsheet made a number of", () => {
		const serials = ["1.23457E+11", "1,23457E+11", "5E+10", " 9.1e+22 "];
		const cells = serials.map((serial, index) => `"${serial}",,T0E${index},,`);
		assert.deepEqual(
			listCsvFaults(`${HEADER}\n${cells.join("\n")}`),
			serials.map(
				(serial, index) =>
					`${index + 2}:1 Device Serial Number is "${serial.trim()}", a number as Excel shortens it, which lost digits; take it from the export again, or type it in a column that is formatted as text`,
			),
		);
	});
});

describe("quotes", () => {
	for (const [row, fault] of [
		[
			'B,,T0FF,19" rack,',
			`4 has a quote in its midst; put the whole cell in quotes, and write that quote twice: ""`,
		],
		['B,"00330"x,T0FF,,', `2 goes on after its closing quote; a quote within quotes is written twice: ""`],
		['B,,"T0FF,,', "3 opens a quote that nothing closes"],
	] as const) {
		test(`that are misplaced end the reading there: ${row}`, () => {
			assert.deepEqual(listCsvFaults(`${HEADER}\r\n,,T0E=,"two\r\nlines",\r\n${row}\r\nC,,T0E,,\r\n`), [
				"2:1 Device Serial Number is blank; fill it in, or drop the row",
				`4:${fault}; nothing below was read`,
			]);
		});
	}

	test("that are misplaced in the header are reported for the header", () => {
		assert.deepEqual(listCsvFaults(`Device Serial Number,"Hardware Hash,Group Tag\nA,T0E=,`), [
			"1:2 opens a quote that nothing closes; nothing below was read",
		]);
	});
});

describe("a file in another encoding", () => {
	const BINARY = `it is no text in UTF-8, nor in UTF-16 with a byte order mark; save it as such (Excel: "CSV UTF-8")`;
	const LOST = `holds letters that are no UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and write them anew`;

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
