import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { loadAutopilotCsv } from "../../../provider/files/autopilotCsv.ts";
import { loadFleetFile } from "../../../provider/files/fleetFile.ts";
import { type FleetFileError, readFleet } from "../../../provider/files/readFleet.ts";
import { expandHashes } from "./csvFile.ts";
import { listFleetFaults, readRefusedBytes, readRefusedFleet, writeFleetText } from "./fleetFile.ts";

const KEY = Buffer.alloc(32, "key").toString("base64");

const THUMBPRINT = "AB".repeat(20);

const COLUMNS =
	'"deviceId", "parent", "iotEdge", "status", "statusReason", "authenticationType", "primaryKey", "secondaryKey", "primaryThumbprint", "secondaryThumbprint", "id"';
const NAMES =
	"deviceId, id, parent, status, statusReason, authentication, capabilities, iotEdge, deviceScope, parentScopes, importMode, moduleId, authenticationType, x509Thumbprint, symmetricKey";

describe("the error", () => {
	test("lists all problems of a file at once, in the file's order", () => {
		const error = readRefusedFleet("plant.csv", "deviceId,status,parent\na,on,b\n,enabled,\na,off,x\n");
		assert.deepEqual(
			error.faults.map(({ line, column }) => [line, column]),
			[
				[2, 2],
				[2, 3],
				[3, 1],
				[4, 1],
				[4, 2],
			],
		);
		assert.deepEqual(error.message.split("\n"), [
			`"${error.path}" cannot be used as a fleet of devices:`,
			...error.faults.map(({ line, column, text }) => `- line ${line}, column ${column}: ${text}`),
			"[FleetFileError]",
		]);
	});

	test("lists twenty problems in the message, counts the others, and contains all of them", () => {
		const error = readRefusedFleet("plant.csv", `deviceId,status\n${"a,on\n".repeat(12)}`);
		assert.equal(error.faults.length, 12 + 11);
		assert.equal(error.message.split("\n").length, 1 + 20 + 2);
		assert.match(error.message, /\n- and 3 more\n\[FleetFileError\]$/);
	});

	test("has a code, and Pulumi shows it without a stack", () => {
		const error = readRefusedFleet("plant.json", "[");
		assert.equal(error.code, "FleetFileError");
		assert.equal(error.name, "FleetFileError");
		assert.ok(pulumi.RunError.isInstance(error));
	});

	test("says why a file cannot be opened", () => {
		for (const ending of ["csv", "json", "ndjson", "yaml", "txt"]) {
			const path = `${writeFleetText("plant", "")}.missing.${ending}`;
			assert.throws(
				() => readFleet(path),
				({ code, faults }: FleetFileError) => {
					assert.equal(code, "FleetFileError");
					const text = `it cannot be opened (ENOENT); relative paths start at ${process.cwd()}`;
					assert.deepEqual(faults, [{ line: 0, column: 0, text }]);
					return true;
				},
			);
		}
	});

	test("never repeats a key, at any position", () => {
		const keys = `{ primaryKey: ${KEY}, secondaryKey: [${KEY}] }`;
		const files: [name: string, text: string][] = [
			[
				"plant.csv",
				`deviceId,primaryKey,status,authenticationType,parent,iotEdge\na,${KEY},${KEY},${KEY},${KEY},${KEY}`,
			],
			["plant.csv", `deviceId,${KEY}\na,b`],
			["plant.csv", `deviceId,primaryKey\na,"${KEY}`],
			["plant.csv", `deviceId,primaryKey\n${KEY},b\n${KEY},c`],
			["plant.yaml", `a: { authentication: { symmetricKey: ${keys}, type: ${KEY} }, status: ${KEY} }`],
			["plant.yaml", `a: { authentication: { symmetricKey: ${KEY} } }\nb: ${KEY}\nc: [${KEY}\n`],
			["plant.yaml", `a: { parent: ${KEY}, deviceScope: ${KEY}, ${KEY}: x, importMode: ${KEY} }`],
			[
				"plant.json",
				`{"a":{"authentication":{"symmetricKey":{"primaryKey":"${KEY}" "secondaryKey":"${KEY}"}}}}`,
			],
			["plant.json", `{"a":{"deviceId":"${KEY}"},"${KEY}":1}`],
			["plant.ndjson", `{"id":"a","status":"${KEY}"}\n{"id":"b","authentication":"${KEY}"}\n{"id":${KEY}}`],
		];
		for (const [name, text] of files) {
			const error = readRefusedFleet(name, text);
			assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(KEY.slice(0, 16)), error.message);
		}
	});
});

describe("an empty file", () => {
	test("is rejected in every format, since a truncated file would delete every device", () => {
		assert.match(
			listFleetFaults("plant.csv", "")[0] ?? "",
			/^0:0 its first line must name the columns: deviceId and /,
		);
		assert.match(listFleetFaults("plant.txt", "\n\n")[0] ?? "", /^0:0 its first line must name the columns/);
		assert.match(listFleetFaults("plant.json", "")[0] ?? "", /^1:1 invalid JSON: expected a value/);
		assert.deepEqual(listFleetFaults("plant.ndjson", "\n \n"), [
			"0:0 it is empty; for a fleet without devices, use a .json file that contains []",
		]);
		assert.deepEqual(listFleetFaults("plant.yaml", "# none yet\n"), [
			"1:1 the document must be an object with devices by id, or a list, got nothing",
		]);
	});
});

describe("a CSV", () => {
	test("must have column names, which the TSV output of the Azure CLI lacks", () => {
		const [fault] = listFleetFaults(
			"plant.tsv",
			"0\tNone\tMA==\tsensor-1\tenabled\n1\tNone\tMA==\tsensor-2\tenabled\n",
		);
		assert.match(fault ?? "", /^0:0 its first line must name the columns.* use "--output json" instead$/);
	});

	test("must have the column deviceId, and no unknown columns", () => {
		assert.deepEqual(listFleetFaults("plant.csv", "device,statusReson,site,status\na,b,c,on\n"), [
			`1:1 "device" is not a known column; did you mean "deviceId"? Rename it, drop it, set ignoreColumns: ["device"], or set columns: { "device": "deviceId" }. Known columns: ${COLUMNS}`,
			`1:2 "statusReson" is not a known column; did you mean "statusReason"? Rename it, drop it, set ignoreColumns: ["statusReson"], or set columns: { "statusReson": "statusReason" }. Known columns: ${COLUMNS}`,
			`1:3 "site" is not a known column; drop it, set ignoreColumns: ["site"], or set columns: { "site": "…" } to read it as one of ${COLUMNS}`,
			'1:5 the column "deviceId" is missing; the file has "device", "statusReson", "site", "status"',
		]);
	});

	test("must have each column once, and a cell for each column", () => {
		assert.deepEqual(listFleetFaults("plant.csv", "deviceId,Device Id,status\na\nb,b,enabled,c\n"), [
			'1:2 "Device Id" has the same meaning as column 1, "deviceId"; keep one of them',
			"2:2 the row has 1 cell, the header 3; an empty cell still needs its separator",
			"3:4 the row has 4 cells, the header 3; a cell that contains the separator must be in quotes",
		]);
	});

	test("must have values that are valid for their columns", () => {
		assert.deepEqual(
			listFleetFaults(
				"plant.csv",
				`deviceId,iotEdge,status,authenticationType\na,WAHR,Enable,selfsignd\nb,2,on,${KEY}\n,,,\n,true,,\n`,
			),
			[
				'2:2 iotEdge must be true or false, got "WAHR"',
				'2:3 status must be "enabled" or "disabled", got "Enable"; did you mean "enabled"?',
				'2:4 authenticationType must be "sas" or "selfSigned" or "certificateAuthority", got "selfsignd"; did you mean "selfSigned"?',
				'3:2 iotEdge must be true or false, got "2"',
				'3:3 status must be "enabled" or "disabled", got "on"',
				'3:4 authenticationType must be "sas" or "selfSigned" or "certificateAuthority", got a string of 44 characters',
				"5:1 deviceId is missing",
			],
		);
	});

	test("must not have ids that a spreadsheet converted to numbers", () => {
		const [id, parent] = listFleetFaults("plant.csv", "deviceId,parent,iotEdge\n1.23E+11,5E+10,\n");
		assert.match(id ?? "", /^2:1 deviceId is "1.23E\+11", a number that Excel shortened/);
		assert.match(parent ?? "", /^2:2 parent is "5E\+10", a number that Excel shortened/);
	});

	test("is reported with the problems above the syntax error", () => {
		assert.deepEqual(listFleetFaults("plant.csv", 'deviceId,status\na,on\nb,"enabled\n'), [
			'2:2 status must be "enabled" or "disabled", got "on"',
			"3:2 has an opening quote without a closing one; nothing below was read",
		]);
	});
});

describe("a JSON text", () => {
	const faults: [text: string, fault: string][] = [
		['{"a":{}', '1:8 invalid JSON: expected "," or "}"; nothing below was read'],
		['{\n  "a": {},\n}', "3:1 invalid JSON: expected a name in double quotes; nothing below was read"],
		["{'a': {}}", "1:2 invalid JSON: expected a name in double quotes; nothing below was read"],
		['{"a" {}}', '1:6 invalid JSON: expected ":"; nothing below was read'],
		['{"a":{}} {}', "1:10 invalid JSON: expected the end of the text; nothing below was read"],
		['[{"id":"a\n"}]', "1:8 invalid JSON: expected a string that ends on its line; nothing below was read"],
		[
			`${"[".repeat(200)}`,
			"1:102 invalid JSON: expected a value nested less than 100 levels deep; nothing below was read",
		],
	];
	for (const [text, fault] of faults) {
		test(`with a syntax error is reported with its position: ${JSON.stringify(text.slice(0, 20))}`, () => {
			assert.deepEqual(listFleetFaults("plant.json", text), [fault]);
		});
	}

	test("is reported with the position of each problem", () => {
		const text = `{
	"a": { "status": "on", "statuss": 1, "site": "north" },
	"b": "enabled",
	"c": { "capabilities": { "iotEdge": "ture" }, "statusReason": 5 },
	"d": { "authentication": "sas", "capabilities": [] },
	"e": { "deviceId": "f" }
}`;
		assert.deepEqual(listFleetFaults("plant.json", text), [
			'2:19 status must be "enabled" or "disabled", got "on"',
			`2:25 "statuss" is not a known property; did you mean "status"? Known properties: ${NAMES}`,
			`2:39 "site" is not a known property; known properties: ${NAMES}`,
			'3:2 "b" must be an object such as { "status": "enabled" }, got a string',
			'4:38 capabilities.iotEdge must be true or false, got "ture"',
			"4:64 statusReason must be a string, got a number; put it in quotes",
			"5:27 authentication must be an object with type, symmetricKey, x509Thumbprint, got a string",
			"5:50 capabilities must be an object with iotEdge, got a list",
			"6:21 deviceId differs from the id above, under which the file declares the device; remove it",
		]);
	});

	test("must not contain a device twice, or a property twice", () => {
		assert.deepEqual(
			listFleetFaults(
				"plant.json",
				'{\n"a": {},\n"b": { "status": "enabled",\n "Status": "disabled" },\n"a": {} }',
			),
			[
				"4:2 Status has the same meaning as status in line 3; keep one of them",
				'5:1 "a" is already declared in line 2',
			],
		);
		assert.deepEqual(listFleetFaults("plant.json", '[{"id":"a"},\n {"deviceId":"a"},\n {}, 5]'), [
			'2:2 "a" is already declared in line 1',
			"3:2 deviceId is missing",
			"3:6 a device in a list must be an object with deviceId, got a number",
		]);
	});

	test("must be an object or a list", () => {
		assert.deepEqual(listFleetFaults("plant.json", '"a"'), [
			"1:1 the document must be an object with devices by id, or a list, got a string",
		]);
	});
});

describe("an NDJSON text", () => {
	test("is reported with the problems of each line, even if other lines are not valid JSON", () => {
		const text =
			'{"id":"a","status":"on"}\r\n{"id":"b"\r\n\r\n[]\r\n{"id":"a"} {}\r\n{"id":"a"}\r\n{"id":"a"}';
		assert.deepEqual(listFleetFaults("devices.ndjson", text), [
			'1:20 status must be "enabled" or "disabled", got "on"',
			'2:10 invalid JSON: expected "," or "}"; nothing of the line was read',
			"4:1 a device in a list must be an object with deviceId, got a list",
			"5:12 invalid JSON: expected the end of the text; nothing of the line was read",
			'6:1 "a" is already declared in line 1',
			'7:1 "a" is already declared in line 1',
		]);
	});
});

describe("a YAML text", () => {
	const faults: [text: string, fault: RegExp][] = [
		[
			"a: {\n",
			/^2:1 invalid YAML: the indentation does not match the lines above, or a bracket above is not closed$/,
		],
		["a: 'b\n", /^2:1 invalid YAML: a quote, a bracket, a comma or a colon is missing$/],
		["a:\n\tstatus: enabled", /^2:1 invalid YAML: lines must be indented with spaces, not with tabs$/],
		["a:\n   status: enabled\n  statusReason: x", /^3:1 invalid YAML: the indentation does not match/],
		[
			"a: {}\n---\nb: {}",
			/^2:1 invalid YAML: a second document begins here, but a fleet must be a single document$/,
		],
		["a: *none", /^1:4 the alias has no anchor above it$/],
		["[a]: {}", /^1:1 a name must be a string$/],
		['a: "\\q"', /^1:5 invalid YAML: the escape after a backslash in double quotes/],
	];
	for (const [text, fault] of faults) {
		test(`with a syntax error is reported with its position: ${JSON.stringify(text)}`, () => {
			assert.match(listFleetFaults("plant.yaml", text)[0] ?? "", fault);
		});
	}

	test("is reported with the position of each problem", () => {
		const text = `
a:
  status: on
  statusReason: 5
  parent: 0042
  capabilities: { iotEdge: ja }
b: enabled
a:
`;
		assert.deepEqual(listFleetFaults("plant.yaml", text), [
			'3:11 status must be "enabled" or "disabled", got "on"',
			"4:17 statusReason must be a string, got a number; put it in quotes",
			"5:11 parent must be the id of a gateway as a string, got a number; put it in quotes",
			'6:28 capabilities.iotEdge must be true or false, got "ja"',
			'7:1 "b" must be an object such as { "status": "enabled" }, got a string',
			'8:1 "a" is already declared in line 2',
		]);
	});
});

describe("keys and thumbprints", () => {
	test("must be declared in pairs if the hub requires pairs", () => {
		assert.deepEqual(
			listFleetFaults(
				"plant.csv",
				`deviceId,primaryKey,secondaryKey,secondaryThumbprint\na,${KEY},,\nb,,${KEY},${THUMBPRINT}\n`,
			),
			[
				"2:2 primaryKey is set and secondaryKey is not; declare both keys, or neither to have them generated",
				"3:3 secondaryKey is set and primaryKey is not; declare both keys, or neither to have them generated",
				"3:4 secondaryThumbprint is set and primaryThumbprint is not; only the secondary one is optional",
			],
		);
	});
});

describe("parents", () => {
	test("must be in the file, and must be gateways", () => {
		const text = "deviceId,parent,iotEdge\na,gw-9,\nb,a,true\nc,b,\nd,gw-1,\ngw-1,,false\n";
		assert.deepEqual(listFleetFaults("plant.csv", text), [
			'2:2 parent is "gw-9", which is not in this file; declare it in the same file, or name it in the option gateways: { gateways: ["gw-9"] }',
			'3:2 parent is "a", which is not a gateway; its iotEdge must be true (line 2)',
			'5:2 parent is "gw-1", which is not a gateway; its iotEdge must be true (line 6)',
		]);
	});

	test("must not form a cycle; each cycle is reported once, with its devices", () => {
		const text =
			"deviceId,parent,iotEdge\nz,b,\na,c,true\nb,a,true\nc,b,true\nself,self,true\nx,self,\ny,x2,true\nx2,y,true\n";
		assert.deepEqual(listFleetFaults("plant.csv", text), [
			"3:2 parents form a cycle: a → c → b → a",
			"6:2 parents form a cycle: self → self",
			"8:2 parents form a cycle: y → x2 → y",
		]);
	});

	test("in a cycle of any size are reported with its first devices", () => {
		const rows = Array.from({ length: 5000 }, (_, n) => `g${n},g${(n + 1) % 5000},true`).join("\n");
		const { faults } = readRefusedBytes("plant.csv", `deviceId,parent,iotEdge\n${rows}`);
		assert.deepEqual(
			faults.map(({ text }) => text),
			["parents form a cycle: g0 → g1 → g2 → g3 → g4 → g5 → g6 → g7 → g8 → g9 → … → g0"],
		);
	});
});

describe("a file in another encoding", () => {
	const LOST = `contains characters that are not valid UTF-8; save the file as UTF-8 (Excel: "CSV UTF-8") and enter them again`;

	test("is reported as a whole if it is UTF-16 without a byte order mark, or a workbook", () => {
		const text = `it is not text in UTF-8, or in UTF-16 with a byte order mark; save it in one of these encodings (Excel: "CSV UTF-8")`;
		const unmarked = Buffer.from("deviceId\na", "utf16le");
		for (const bytes of [unmarked, Buffer.from("PK\x03\x04\x14\0\x06\0")])
			for (const name of ["plant.csv", "plant.json", "plant.ndjson", "plant.yaml", "plant.xlsx"])
				assert.deepEqual(readRefusedBytes(name, bytes).faults, [{ line: 0, column: 0, text }]);
	});

	test("is reported for each value with characters that could not be decoded", () => {
		const files: [name: string, text: string, place: { line: number; column: number }][] = [
			["plant.csv", "deviceId,statusReason\na,Büro", { line: 2, column: 2 }],
			["plant.json", '{"a":{"statusReason":"Büro"}}', { line: 1, column: 22 }],
			["plant.yaml", "a: { statusReason: Büro }", { line: 1, column: 20 }],
		];
		for (const [name, text, place] of files)
			assert.deepEqual(readRefusedBytes(name, Buffer.from(text, "latin1")).faults, [
				{ ...place, text: `statusReason ${LOST}` },
			]);
	});
});

test("no message contains terminal control characters of the file", () => {
	const odd = "a\u009b2J\u202e\u001b]0;b";
	const row = JSON.stringify({ deviceId: odd, status: odd, parent: `${odd}c` });
	for (const [name, text] of [
		["odd.ndjson", `${row}\n${row}\n`],
		["odd.csv", `deviceId,status,parent,${odd}\n${odd},${odd},${odd}c,\n`],
	] as const) {
		const { message } = readRefusedFleet(name, text);
		assert.match(message, /a\\u009b2J\\u202e\\u001b]0;b/);
		assert.doesNotMatch(message, /(?!\n)\p{Cc}|\u202e/u);
	}
});

test("an empty id is a missing one in every format, and does not drop a device silently", () => {
	const files = {
		"list.json": '[{"deviceId": "", "status": "enabled"}, {"deviceId": "b"}]',
		"map.json": '{"": {"status": "enabled"}, "b": {}}',
		"lines.ndjson": '{"id": ""}\n{"id": "b"}\n',
		"map.yaml": '"": {}\nb: {}\n',
		"row.csv": "deviceId,status\n,enabled\nb,enabled\n",
	};
	for (const [name, text] of Object.entries(files))
		assert.deepEqual(
			readRefusedFleet(name, text).faults.map((fault) => fault.text),
			["deviceId is missing"],
			name,
		);
});

test("a property with a name that every object inherits is not known", () => {
	for (const name of ["toString", "constructor", "__proto__"]) {
		const [text = ""] = listFleetFaults("plant.json", `{"a": {"${name}": true}}`);
		assert.ok(text.includes(`"${name}" is not a known property;`), text);
	}
});

test("a list of edgeDevices alone is a configuration that lacks its other properties, not a device of that name", () => {
	const texts = readRefusedFleet("edge.json", '{"edgeDevices": []}').faults.map(({ text }) => text);
	assert.deepEqual(texts, ["configVersion is missing", "authenticationMethod is missing"]);
});

describe("a file with problems", () => {
	test("yields no devices and no machines, not even the valid ones", () => {
		const devices = writeFleetText("half.csv", "deviceId,status\na,enabled\nb,on\n");
		const fleet = loadFleetFile(devices);
		assert.deepEqual([fleet.devices, fleet.diagnostics.length], [{}, 1]);
		const machines = writeFleetText(
			"half-machines.csv",
			expandHashes("Device Serial Number,Hardware Hash\nS,{1}\nT,?\n"),
		);
		const list = loadAutopilotCsv(machines);
		assert.deepEqual([list.machines, list.diagnostics.length], [[], 1]);
	});

	test("that ends in the middle of a character is damaged, not shortened", () => {
		const bytes = Buffer.concat([Buffer.from("deviceId,statusReason\na,ok"), Buffer.from([0xc3])]);
		const { faults } = readRefusedBytes("cut.csv", bytes);
		assert.match(faults[0]?.text ?? "", /^statusReason contains characters that are not valid UTF-8/);
	});

	test("is closed, as every other file", () => {
		const findFreeDescriptor = (): number => {
			const descriptor = openSync(__filename, "r");
			closeSync(descriptor);
			return descriptor;
		};
		const free = findFreeDescriptor();
		loadFleetFile(writeFleetText("closed.csv", "deviceId\na\n"));
		loadFleetFile(writeFleetText("closed.json", "{"));
		loadFleetFile(writeFleetText("workbook.csv", "PK\0"));
		assert.equal(findFreeDescriptor(), free);
	});
});
