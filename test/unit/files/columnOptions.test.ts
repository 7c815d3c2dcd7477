import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AutopilotCsvError, readAutopilotCsv } from "../../../provider/files/readAutopilotCsv.ts";
import { FleetFileError, readFleet } from "../../../provider/files/readFleet.ts";
import { abbreviateHashes, expandHashes, HEADER, writeCsv } from "./csvFile.ts";
import { writeFleetText } from "./fleetFile.ts";

/** Returns the devices of a CSV file. */
function readPlant(text: string, options: object, name = "plant.csv") {
	return readFleet(writeFleetText(name, text), options);
}

/** Returns the machines of a CSV file. */
function readMachines(text: string, options: object) {
	return abbreviateHashes(readAutopilotCsv(writeCsv(expandHashes(text)), options));
}

/** Returns the problems of a file as `line:column text`. */
function listFaults(read: () => unknown): string[] {
	try {
		read();
	} catch (error) {
		if (error instanceof FleetFileError || error instanceof AutopilotCsvError)
			return error.faults.map(({ line, column, text }) => `${line}:${column} ${text}`);
		throw error;
	}
	return assert.fail("the file was read");
}

describe("ignoreColumns", () => {
	test("drops columns by name, ignoring case and white space, and those that the file does not have", () => {
		const options = { ignoreColumns: ["location", "Comment", "Purchase Date", "not there"] };
		const text = "Location,deviceId,comment,status,purchase_date\nHall 3,pump-1,old,disabled,2019\n";
		assert.deepEqual(readPlant(text, options), { "pump-1": { status: "disabled" } });
		assert.deepEqual(readMachines(`${HEADER},LOCATION\nA-1,,{1},Kiosk,,Hall 3`, options), [
			{ serialNumber: "A-1", hardwareIdentifier: "{1}", groupTag: "Kiosk" },
		]);
	});

	test("drops a column with the name of a known column", () => {
		assert.deepEqual(readPlant("deviceId,status\npump-1,in stock\n", { ignoreColumns: ["status"] }), {
			"pump-1": {},
		});
		assert.deepEqual(
			readMachines("Device Serial Number,Hardware Hash,Assigned User\nA-1,{1},Ann\n", {
				ignoreColumns: ["assigned user"],
			}),
			[{ serialNumber: "A-1", hardwareIdentifier: "{1}" }],
		);
	});

	test("drops columns without a name only if it contains the empty string", () => {
		const text = ",deviceId\n0,pump-1\n";
		assert.deepEqual(
			listFaults(() => readPlant(text, {})),
			['1:1 the column has no name; name it, drop it, or set ignoreColumns: [""]'],
		);
		assert.deepEqual(readPlant(text, { ignoreColumns: [""] }), { "pump-1": {} });
	});

	test("does not make a required column optional", () => {
		assert.deepEqual(
			listFaults(() => readPlant("deviceId,status\npump-1,enabled\n", { ignoreColumns: ["deviceId"] })),
			['1:3 the column "deviceId" is missing; the file has "deviceId", "status"'],
		);
	});
});

describe("columns", () => {
	test("maps the names of a file, with any separator", () => {
		const columns = {
			"Device Name": "deviceId",
			Auth: "authenticationType",
			Gateway: "parent",
			Edge: "iotEdge",
		};
		const devices = {
			"gw-1": { authentication: { type: "sas" }, capabilities: { iotEdge: true } },
			"pump-1": { parent: "gw-1" },
		};
		for (const separator of [",", ";", "\t"]) {
			const rows = ["DEVICE_NAME|auth|Edge|Gateway", "gw-1|sas|TRUE|", "pump-1|||gw-1"];
			const text = rows.join("\n").replaceAll("|", separator);
			assert.deepEqual(readPlant(text, { columns }), devices);
			if (separator === "\t") assert.deepEqual(readPlant(text, { columns }, "plant.tsv"), devices);
		}
		assert.deepEqual(
			readMachines("SN;Blob;Tag\n A-1 ;{1};Kiosk\n", {
				columns: { SN: "serialNumber", Blob: "hardwareIdentifier", Tag: "groupTag" },
			}),
			[{ serialNumber: " A-1 ", hardwareIdentifier: "{1}", groupTag: "Kiosk" }],
		);
	});

	test("takes precedence over a known column with that name", () => {
		const columns = { status: "statusReason", parent: "status" };
		assert.deepEqual(readPlant("deviceId,status,parent\na,on loan,disabled\n", { columns }), {
			a: { status: "disabled", statusReason: "on loan" },
		});
	});

	test("makes messages use the name in the file", () => {
		assert.deepEqual(
			listFaults(() =>
				readPlant("Device Name,State\n1.5E+11,on\n", {
					columns: { "Device Name": "deviceId", State: "status" },
				}),
			).map((fault) => fault.slice(0, 24)),
			['2:1 Device Name is "1.5E', '2:2 State must be "enabl'],
		);
		assert.deepEqual(
			listFaults(() =>
				readMachines("SN,Blob\n,{S-1}\n", { columns: { SN: "serialNumber", Blob: "hardwareIdentifier" } }),
			),
			['2:1 SN is blank; fill it in, or drop the row; the hardware hash has the serial number "S-1"'],
		);
	});

	test("rejects a file without the mapped column, and suggests a similar one", () => {
		const missing = (title: string, list: string, question = "") =>
			`the column "${title}", which is mapped by the option columns, is missing; the file has ${list}${question}`;
		assert.deepEqual(
			listFaults(() =>
				readPlant("Device Name,status\na,enabled\n", { columns: { "Device Nmae": "deviceId" } }),
			).at(-1),
			`1:3 ${missing("Device Nmae", '"Device Name", "status"', '; did you mean "Device Name"?')}`,
		);
		assert.deepEqual(
			listFaults(() =>
				readPlant("deviceId\na\n", { columns: { Asset: "deviceId", Reason: "statusReason" } }),
			),
			[`1:2 ${missing("Asset", '"deviceId"')}`, `1:2 ${missing("Reason", '"deviceId"')}`],
		);
		assert.deepEqual(
			listFaults(() =>
				readMachines("Device Serial Number,Hardware Hash\nA,{1}\n", { columns: { Tag: "groupTag" } }),
			),
			[`1:3 ${missing("Tag", '"Device Serial Number", "Hardware Hash"')}`],
		);
	});

	test("rejects a second column with the same meaning until it is ignored", () => {
		const text = "Device Name,deviceId\na,17\n";
		const columns = { "Device Name": "deviceId" };
		assert.deepEqual(
			listFaults(() => readPlant(text, { columns })),
			[
				'1:2 "deviceId" has the same meaning as column 1, "Device Name"; keep one of them, or set ignoreColumns: ["deviceId"]',
			],
		);
		assert.deepEqual(readPlant(text, { columns, ignoreColumns: ["deviceId"] }), { a: {} });
	});

	test("is rejected for a file format without columns", () => {
		for (const [name, text] of [
			["plant.json", '{"a":{}}'],
			["plant.ndjson", '{"id":"a"}'],
			["plant.yaml", "a: {}"],
		] as const)
			for (const options of [{ columns: { Name: "deviceId" } }, { ignoreColumns: ["comment"] }])
				assert.deepEqual(
					listFaults(() => readPlant(text, options, name)),
					[
						"0:0 it has no columns; remove the options columns and ignoreColumns, which apply only to CSV and TSV files",
					],
				);
	});
});

test("the remedies for an unknown column work as printed", () => {
	const text = "deviceId,location,Device State\na,Hall 3,disabled\n";
	const [location = "", state = ""] = listFaults(() => readPlant(text, {}));
	const ignoring = /set (ignoreColumns: \["location"\])/.exec(location)?.[1];
	const mapping = /set (columns: \{ "Device State": "…" \})/.exec(state)?.[1]?.replace("…", "status");
	const options: unknown = JSON.parse(`{ ${ignoring}, ${mapping} }`.replace(/(\w+):/g, '"$1":'));
	assert.deepEqual(readPlant(text, options as object), { a: { status: "disabled" } });
	const [id = ""] = listFaults(() => readPlant("deviceID s\na\n".replace("\n", ",status\n"), {}));
	assert.match(id, /set columns: \{ "deviceID s": "deviceId" \}/);
});

test("an option that is undefined is none, whatever its name", () => {
	const options = { skip: undefined, columns: undefined, ignoreColumns: undefined };
	assert.deepEqual(readPlant("deviceId\na\n", options as object), { a: {} });
});

describe("an option that a reader cannot apply is a TypeError", () => {
	const known =
		"deviceId, parent, iotEdge, status, statusReason, authenticationType, primaryKey, secondaryKey, primaryThumbprint, secondaryThumbprint";
	const wrong: [options: unknown, message: string][] = [
		[{ ignoreColumn: ["a"] }, `unknown option "ignoreColumn"; did you mean "ignoreColumns"?`],
		[{ skip: [] }, `unknown option "skip"; known names: onPassedOver, ignoreColumns, columns, gateways`],
		[null, "the options must be an object"],
		[{ ignoreColumns: "a" }, `ignoreColumns must be a list of column names, for example ["comment"]`],
		[{ ignoreColumns: [1] }, `ignoreColumns must be a list of column names, for example ["comment"]`],
		[{ columns: ["a"] }, `columns must be an object of column names, for example { "Name": "deviceId" }`],
		[
			{ columns: { "Device Name": "devceId" } },
			`the column "Device Name" is mapped to "devceId", which is not a known column; did you mean "deviceId"?`,
		],
		[
			{ columns: { Rack: "toString" } },
			`the column "Rack" is mapped to "toString", which is not a known column; known names: ${known}`,
		],
		[{ columns: { Rack: 1 } }, `the column "Rack" is mapped to a value that is not a string`],
		[
			{ columns: { Name: "deviceId", Asset: "deviceId" } },
			`the columns "Name" and "Asset" are both mapped to "deviceId"; map one of them and ignore the other`,
		],
		[
			{ columns: { Name: "deviceId" }, ignoreColumns: ["NAME"] },
			`the column "Name" is both mapped and ignored; do one of the two`,
		],
	];
	for (const [options, message] of wrong)
		test(message.slice(0, 70), () => {
			assert.throws(() => Reflect.apply(readFleet, undefined, ["missing.csv", options]), {
				name: "TypeError",
				message: `readFleet: ${message}`,
			});
		});

	test("for machines, too", () => {
		assert.throws(
			() => Reflect.apply(readAutopilotCsv, undefined, ["missing.csv", { columns: { SN: "Serial number" } }]),
			{
				name: "TypeError",
				message: `readAutopilotCsv: the column "SN" is mapped to "Serial number", which is not a known column; did you mean "serialNumber"?`,
			},
		);
		assert.throws(() => Reflect.apply(readAutopilotCsv, undefined, ["missing.csv", { ignoreColums: [] }]), {
			message: `readAutopilotCsv: unknown option "ignoreColums"; did you mean "ignoreColumns"?`,
		});
	});
});
