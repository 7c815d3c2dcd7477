import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { type AutopilotCsvError, readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import {
	expandHashes,
	HEADER,
	listCsvFaults,
	readRefusedCsv,
	readRefusedInAllEncodings,
	writeCsv,
} from "./csvFile.ts";

const KNOWN =
	'"Device Serial Number", "Windows Product ID", "Hardware Hash", "Group Tag", "Assigned User", "Order ID", "Manufacturer name", "Device model"';

/** The remedy for a hash that an editor or a spreadsheet damaged. */
const EXPORT_AGAIN =
	"export the row again (`Get-WindowsAutopilotInfo -OutputFile machines.csv`) and do not save the file in a spreadsheet";

/** Returns the problem of a line whose serial number is blank, and whose hash is `{number}`. */
function describeBlank(line: number, number: number): string {
	return `${line}:1 Device Serial Number is blank; fill it in, or drop the row; the hardware hash has the serial number "S-${number}"`;
}

/** Returns the problem of a line whose serial number is not the one in its hash. */
function describeMismatch(line: number, given: string, reported: string): string {
	return (
		`${line}:1 Device Serial Number is "${given}", but the hardware hash has the serial number "${reported}", under which Intune lists the ` +
		"machine. Two rows may be mixed up, or a spreadsheet changed the number; declare the machine's own hash and serial number, or set " +
		'onSerialNumberMismatch: "accept" if both are right'
	);
}

describe("the error", () => {
	test("lists all problems of a file at once, in the file's order", () => {
		const error = readRefusedInAllEncodings(`${HEADER},Site\n,,T0E,,,\nA-2,,{1},,,,X\nA-3,,,,,\n`);
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
		const hash = "T0FzZWNyZXQ".repeat(50);
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
			`${HEADER}\n${hash},,A,,`,
			`${HEADER}\nA,,${hash},${hash},${hash}`,
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
		assert.deepEqual(listCsvFaults("Hardware Hash;Group Tag;;\n{1};Kiosk"), [
			`1:3 the column "Device Serial Number" is missing; the file has "Hardware Hash", "Group Tag"`,
		]);
		assert.deepEqual(listCsvFaults("Device Serial Number,,Group Tag"), [
			'1:2 the column has no name; name it, drop it, or set ignoreColumns: [""]',
			`1:4 the column "Hardware Hash" is missing; the file has "Device Serial Number", "Group Tag"`,
		]);
	});

	test("without any known column is not a header, even if it is a machine", () => {
		const headless = `0:0 its first line must name the columns: "Device Serial Number" and "Hardware Hash", optionally "Windows Product ID", "Group Tag" and "Assigned User"; if the file names them differently, set columns: { "its name": "serialNumber" }`;
		for (const text of ["", "\n\n", "A,,{1},,", "Site|Rack\n1|2"])
			assert.deepEqual(listCsvFaults(text), [headless]);
	});

	test("must not have an unknown column, since its cells would be lost", () => {
		assert.deepEqual(listCsvFaults(`${HEADER},Site\nA,,{1},,,North`), [
			`1:6 "Site" is not a known column; drop it, set ignoreColumns: ["Site"], or set columns: { "Site": "…" } to read it as one of ${KNOWN}`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},,Site\nA,,{1},,,,North`), [
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
		assert.deepEqual(listCsvFaults(`${HEADER},order id\nA,,{1},x,,y`), [
			`1:6 "order id" has the same meaning as column 4, "Group Tag"; keep one of them, or set ignoreColumns: ["order id"]`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},Order ID,GroupTag`), [
			`1:6 "Order ID" has the same meaning as column 4, "Group Tag"; keep one of them, or set ignoreColumns: ["Order ID"]`,
			`1:7 "GroupTag" has the same meaning as column 4, "Group Tag"; keep one of them`,
		]);
		assert.deepEqual(listCsvFaults(`${HEADER},HardwareHash\nA,,{1},x,,{2}`), [
			`1:6 "HardwareHash" has the same meaning as column 3, "Hardware Hash"; keep one of them`,
		]);
	});

	test("with a problem does not prevent the rows from being checked", () => {
		assert.deepEqual(listCsvFaults(`Device Serial Number,Hash\n,{1}\nA,{2}\n`).slice(2), [
			"2:1 Device Serial Number is blank; fill it in, or drop the row",
		]);
	});
});

describe("a row", () => {
	test("must have as many cells as the header", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\nA\nB,,{1}\nC,,{2},Kiosk,,north\n`), [
			"2:2 the row has 1 cell, the header 5; an empty cell still needs its separator",
			"3:4 the row has 3 cells, the header 5; an empty cell still needs its separator",
			"4:6 the row has 6 cells, the header 5; a cell that contains the separator must be in quotes",
		]);
	});

	test("is reported at its first line, regardless of the rows above it", () => {
		const tag = '"two\r\n\r\nlines\rmore\n"';
		assert.deepEqual(
			listCsvFaults(`\r\n${HEADER}\r\n\r\nA,,{1},${tag},\r\n,,,,\r\n,,{S-2},${tag},\r\n,,{S-3},,`),
			[
				"4:4 Group Tag contains a control character (U+000D); use only printable characters",
				describeBlank(10, 2),
				"10:4 Group Tag contains a control character (U+000D); use only printable characters",
				describeBlank(15, 3),
			],
		);
	});

	test("needs a serial number and a hash; a serial number that is blank may be in the hash", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\n,,{S-1},,\n" ",,{S-2},,\nA,00330,  ,Kiosk,\n,,,Kiosk,`), [
			describeBlank(2, 1),
			describeBlank(3, 2),
			`4:3 Hardware Hash is blank; ${EXPORT_AGAIN}`,
			"5:1 Device Serial Number is blank; fill it in, or drop the row",
			`5:3 Hardware Hash is blank; ${EXPORT_AGAIN}`,
		]);
	});

	test("must have a unique hash", () => {
		const rows = "A,,{1},,\nB,,{2},,\n\nC,, {1} ,,\nA,,{1},,";
		const again =
			"Hardware Hash is the same as in line 2; a list may contain a machine only once, so drop one of the rows";
		assert.deepEqual(listCsvFaults(`${HEADER}\n${rows}`), [`5:3 ${again}`, `6:3 ${again}`]);
	});

	test("must have a unique serial number, regardless of spaces, unless firmware reports it for many machines", () => {
		const rows = "A,,{1},,\nDefault string,,{2},,\n\nA ,,{3},,\nDefault string,,{4},,\n,,{S-5},,\n,,{S-6},,";
		assert.deepEqual(listCsvFaults(`${HEADER}\n${rows}`), [
			"5:1 Device Serial Number is the same as in line 2; a list may contain a machine only once, so drop one of the rows",
			describeBlank(7, 5),
			describeBlank(8, 6),
		]);
	});

	test("must not be of a machine whose hash was collected twice", () => {
		const [march, june] = ["March", "June"].map((model) => generateHardwareHash("Default string", { model }));
		assert.deepEqual(listCsvFaults(`${HEADER}\nDefault string,,${march},,\nDefault string,,${june},,`), [
			"3:1 Device Serial Number is the same as in line 2; the hashes are of the same machine, collected twice, so drop one of the rows",
		]);
	});

	test("must not be of a machine that was collected twice, whatever its cells say", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\nS-1,,{S-1@3},,\nS-2,,{S-2},,\nS-1,,{S-1@6},Kiosk,`), [
			"4:3 Hardware Hash is of the same machine as in line 2, collected twice, so drop one of the rows",
		]);
		assert.deepEqual(listCsvFaults(`${HEADER}\nS-1,,{S-1@3},,\nS-9,,{S-1@6},,`), [
			describeMismatch(3, "S-9", "S-1"),
			"3:3 Hardware Hash is of the same machine as in line 2, collected twice, so drop one of the rows",
		]);
	});

	test("must have the serial number of its hash: rows that were mixed up are reported, both with both numbers", () => {
		assert.deepEqual(listCsvFaults(`${HEADER}\nS-2,,{S-1},,\nS-1,,{S-2},,\n12,,{0012},,`), [
			describeMismatch(2, "S-2", "S-1"),
			describeMismatch(3, "S-1", "S-2"),
			describeMismatch(4, "12", "0012"),
		]);
		const [placeholder] = listCsvFaults(`${HEADER}\nPC-7,,{Default string},,`);
		assert.equal(
			placeholder,
			'2:1 Device Serial Number is "PC-7", but the hardware hash has the serial number "Default string", a placeholder of firmware that ' +
				"nobody filled in. Intune lists the machine under that one, whatever is declared; declare it, or set onSerialNumberMismatch: " +
				'"accept" to keep your own number in the program',
		);
	});

	test("may have another serial number than its hash if the program insists, but never one that a spreadsheet changed", () => {
		const read = (rows: string) =>
			readAutopilotCsv(writeCsv(expandHashes(`${HEADER}\n${rows}`)), { onSerialNumberMismatch: "accept" });
		const [own, asset] = read("S-1,,{S-1},,\nPC-7,,{Default string},,");
		assert.deepEqual(Object.keys(own ?? {}), ["serialNumber", "hardwareIdentifier"]);
		assert.deepEqual([asset?.serialNumber, asset?.onSerialNumberMismatch], ["PC-7", "accept"]);
		assert.throws(() => read("'7,,{S-1},,"), /which begins with the apostrophe/);
		assert.throws(
			() => Reflect.apply(readAutopilotCsv, undefined, [writeCsv(""), { onSerialNumberMismatch: "ignore" }]),
			new TypeError('readAutopilotCsv: onSerialNumberMismatch must be "fail" or "accept"'),
		);
	});

	test("must have a group tag and a user that the resource accepts", () => {
		const [tag, user, ...others] = listCsvFaults(
			`${HEADER}\nA,,{1},${"x".repeat(2049)},\nB,,{2},,ada\nC,,{3},,${"T0Fz".repeat(100)}\n`,
		);
		assert.equal(tag, "2:4 Group Tag has 2049 characters, but Intune stores at most 2048; shorten it");
		assert.match(
			user ?? "",
			/^3:5 Assigned User "ada" is not a user principal name; use a form like ada@contoso\.com/,
		);
		assert.match(others.join(), /^4:5 Assigned User a string of 400 characters is not a user principal name/);
	});

	for (const [serial, explanation] of [
		["1.23457E+11", "a number that Excel shortened, so digits are lost"],
		["1,23457E+11", "a number that Excel shortened, so digits are lost"],
		["5E+10", "a number that Excel shortened, so digits are lost"],
		['="0012"', "a formula of a spreadsheet"],
		["'0012", "which begins with the apostrophe by which a spreadsheet marks a text"],
		["1234.0", "a number to which a spreadsheet or a script added decimals"],
		["1234,00", "a number to which a spreadsheet or a script added decimals"],
		["#N/A", "an error of a spreadsheet"],
		["nan", "by which a script marks a missing value"],
		["S-1\u00A0", "which contains the invisible character U+00A0"],
		["S\u200B-1", "which contains the invisible character U+200B"],
		["\u200ES-1", "which contains the invisible character U+200E"],
		["S-1\t", "which contains the invisible character U+0009"],
		["S\uFEFF-1", "which contains the invisible character U+FEFF"],
	] as const) {
		test(`must not have the serial number ${JSON.stringify(serial)}; the hash has the right one`, () => {
			const cell = `"${serial.replaceAll('"', '""')}"`;
			const [fault = "", ...others] = listCsvFaults(`${HEADER}\n${cell},,{S-1},,`);
			const shown = JSON.stringify(serial);
			assert.ok(
				fault.startsWith(
					`2:1 Device Serial Number is ${shown}, ${explanation}; take it from the export again`,
				),
				fault,
			);
			assert.ok(fault.endsWith('; the hardware hash has the serial number "S-1"'), fault);
			assert.deepEqual(others, []);
		});
	}

	test("may have a serial number that looks like a trace of a spreadsheet, if the hash has it, too", () => {
		for (const serial of ["1234.0", "nan", "'7", "#N/A", "=1", "1.5E+10", "none"]) {
			const hash = generateHardwareHash(serial);
			assert.deepEqual(readAutopilotCsv(writeCsv(`${HEADER}\n${serial},,${hash},,`)), [
				{ serialNumber: serial, hardwareIdentifier: hash },
			]);
		}
	});

	test("has no hint if the hash has no serial number that can be decoded", () => {
		const [serial] = listCsvFaults(`${HEADER}\n1234.0,,T0E=,,`);
		assert.match(serial ?? "", /do not save the file in a spreadsheet$/);
	});
});

describe("a hash", () => {
	const hash = generateHardwareHash("S-1");
	const long = generateHardwareHash("S-1", { uuid: Buffer.alloc(2900, 7) });
	const CUT =
		/^Hardware Hash (?:was cut|has \d+ characters, .* so it was cut|is not base64: it has \d+ characters)/;

	for (const [title, text, problem] of [
		[
			"with a line break",
			`"${hash.slice(0, 76)}\r\n${hash.slice(76)}"`,
			/^Hardware Hash contains a line break after character 76;/,
		],
		["with a space", `${hash.slice(0, 9)} ${hash.slice(9)}`, /^Hardware Hash contains spaces;/],
		[
			"with an invisible character",
			`${hash.slice(0, 9)}\u200B${hash.slice(9)}`,
			/^Hardware Hash contains the invisible character U\+200B;/,
		],
		[
			"of another alphabet",
			`T0-_${hash}`,
			/^Hardware Hash is not base64: character 3 is not one of A-Z a-z 0-9 \+ \/,/,
		],
		[
			"with padding in it",
			`${hash.slice(0, 9)}=${hash.slice(9)}`,
			/^Hardware Hash is not base64: character 10 is/,
		],
		[
			"of other data",
			Buffer.alloc(3000, "x").toString("base64"),
			/^Hardware Hash is base64 but not a hardware hash/,
		],
		["that was joined with others", generateHardwareHash("S-1", { size: 30_000 }), /so several were joined;/],
		["cut to a few characters", "T0E=", CUT],
		...[3000, 3001, 3002, 3003, 3501, 3800].map(
			(length) => [`cut to ${length} characters`, long.slice(0, length), CUT] as const,
		),
		["cut to 3000 characters, with only zeros lost", hash.slice(0, 3000), CUT],
		[
			"cut within its checksum",
			generateHardwareHash("S-1", { uuid: Buffer.alloc(2900, 7), size: 0 }).slice(0, -8),
			CUT,
		],
	] as const) {
		test(`${title} is refused`, () => {
			const [fault, ...others] = readRefusedInAllEncodings(`${HEADER}\nS-1,,${text},,`).faults;
			assert.match(fault?.text ?? "", problem);
			assert.deepEqual([fault?.line, fault?.column, others], [2, 3, []]);
		});
	}

	test("without padding is completed", () => {
		for (const size of [2_998, 2_999, 3_001, 3_002]) {
			const padded = generateHardwareHash("S-1", { size });
			assert.match(padded, /=$/);
			const [machine] = readAutopilotCsv(writeCsv(`${HEADER}\nS-1,,${padded.replace(/=+$/, "")},,`));
			assert.equal(machine?.hardwareIdentifier, padded);
		}
	});
});

describe("quotes", () => {
	for (const [row, fault] of [
		[
			'B,,{2},19" rack,',
			`4 has a quote in the middle; put the whole cell in quotes and write that quote twice: ""`,
		],
		['B,"00330"x,{2},,', `2 continues after its closing quote; write a quote within quotes twice: ""`],
		['B,,"{2},,', "3 has an opening quote without a closing one"],
	] as const) {
		test(`stop the parser where they are misplaced: ${row}`, () => {
			assert.deepEqual(listCsvFaults(`${HEADER}\r\n,,{S-1},"two\r\nlines",\r\n${row}\r\nC,,T0E,,\r\n`), [
				describeBlank(2, 1),
				"2:4 Group Tag contains a control character (U+000D); use only printable characters",
				`4:${fault}; nothing below was read`,
			]);
		});
	}

	test("are reported for the header if they are misplaced there", () => {
		assert.deepEqual(listCsvFaults(`Device Serial Number,"Hardware Hash,Group Tag\nA,{1},`), [
			"1:2 has an opening quote without a closing one; nothing below was read",
		]);
	});
});

describe("a file in another encoding", () => {
	const BINARY = `it is not text in UTF-8, or in UTF-16 with a byte order mark; save it in one of these encodings (Excel: "CSV UTF-8")`;
	const LOST = `contains characters that are not valid UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and enter them again`;

	test("is reported as a whole if it is UTF-16 without a byte order mark, or a workbook", () => {
		const unmarked = Buffer.from(`${HEADER}\nA,,{1},,`, "utf16le");
		for (const bytes of [unmarked, Buffer.from(unmarked).swap16(), Buffer.from("PK\x03\x04\x14\0\x06\0")])
			assert.deepEqual(readRefusedCsv(bytes).faults, [{ line: 0, column: 0, text: BINARY }]);
	});

	test("such as a code page of Windows, is reported for each cell with characters that could not be decoded", () => {
		const bytes = Buffer.from(expandHashes(`${HEADER}\nA,,{1},Büro,\nÜ,,{S-2},,ünal@contoso.com`), "latin1");
		assert.deepEqual(readRefusedCsv(bytes).faults, [
			{ line: 2, column: 4, text: `Group Tag ${LOST}` },
			{
				line: 3,
				column: 1,
				text: `Device Serial Number ${LOST}; the hardware hash has the serial number "S-2"`,
			},
			{ line: 3, column: 5, text: `Assigned User ${LOST}` },
		]);
	});
});
