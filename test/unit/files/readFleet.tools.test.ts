import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFleet } from "../../../provider/files/readFleet.ts";
import {
	listFleetFaults,
	readDevices,
	readFleetText,
	readRefusedFleet,
	writeFleetText,
} from "./fleetFile.ts";

const KEYS = {
	primaryKey: Buffer.alloc(32, 3).toString("base64"),
	secondaryKey: Buffer.alloc(32, 4).toString("base64"),
};
const DIGITS = "0123456789abcdef0123456789abcdef01234567";
const COLONS = DIGITS.replace(/(..)(?!$)/g, "$1:");
const IGNORED = "ignored: a fleet declares device identities, not twins, modules or what runs on a device";

const toLines = (devices: readonly object[]): string =>
	devices.map((device) => `${JSON.stringify(device)}\n`).join("");

describe("lines above the header", () => {
	const devices = { a: { status: "enabled" }, b: { statusReason: "x; y" } } as const;

	for (const [title, preamble] of [
		["the type of Windows PowerShell", "#TYPE System.Management.Automation.PSCustomObject\r\n"],
		["a quoted type", '"#TYPE Selected.Device"\r\n'],
		["a comment with quotes", '# exported by "plant", 12" rack\n#second line\n'],
		["empty lines and a comment", "\n\n# comment\n\n"],
		["a separator", "sep=,\r\n"],
	] as const) {
		test(`are skipped: ${title}`, () => {
			const text = `${preamble}"deviceId","status","statusReason"\r\n"a","enabled",""\r\n"b","","x; y"\r\n`;
			assert.deepEqual(readDevices("plant.csv", text), devices);
		});
	}

	test("set the separator, also one that no spreadsheet uses by itself", () => {
		for (const separator of [";", "|", "\t", ","]) {
			const rows = [
				["deviceId", "status", "statusReason"],
				["a", "enabled", ""],
				["b", "", '"x; y"'],
			];
			const text = `sep=${separator}\r\n${rows.map((cells) => cells.join(separator)).join("\r\n")}`;
			assert.deepEqual(readDevices("plant.csv", text), devices);
		}
	});

	test("count for the lines of problems", () => {
		assert.deepEqual(listFleetFaults("plant.csv", "sep=;\n# comment\n\ndeviceId;status\na;on\n"), [
			'5:2 status must be "enabled" or "disabled", got "on"',
		]);
	});

	test("are none if they name a column, such as a number of rows", () => {
		assert.match(
			listFleetFaults("plant.csv", "#,deviceId\n1,a\n")[0] ?? "",
			/^1:1 "#" is not a known column/,
		);
	});
});

describe("words", () => {
	test("are read in any case, and as the Java SDK writes them", () => {
		const text = toLines([
			{
				id: "a",
				importMode: "CREATEORUPDATE",
				status: "Enabled",
				authentication: {
					type: "SELF_SIGNED",
					thumbprint: { primaryThumbprint: DIGITS, secondaryThumbprint: DIGITS },
				},
			},
			{ id: "b", status: "DISABLED", authentication: { type: "SAS", symmetricKey: KEYS } },
			{ id: "c", authentication: { type: "CertificateAuthority" } },
		]);
		assert.deepEqual(readDevices("devices.txt", text), {
			a: {
				status: "enabled",
				authentication: {
					type: "selfSigned",
					x509Thumbprint: { primaryThumbprint: DIGITS, secondaryThumbprint: DIGITS },
				},
			},
			b: { status: "disabled", authentication: { type: "sas", symmetricKey: KEYS } },
			c: { authentication: { type: "certificateAuthority" } },
		});
	});

	test("for booleans are those of English exports, in every format", () => {
		const words = {
			TRUE: true,
			yes: true,
			Y: true,
			"1": true,
			False: false,
			NO: false,
			n: false,
			"0": false,
		};
		const entries = Object.entries(words);
		const expected = Object.fromEntries(entries.map(([id, iotEdge]) => [id, { capabilities: { iotEdge } }]));
		const rows = entries.map(([word]) => `${word},${word}`);
		assert.deepEqual(readDevices("plant.csv", ["deviceId,iotEdge", ...rows].join("\n")), expected);
		const yaml = entries.map(([word]) => `"${word}": { capabilities: { iotEdge: "${word}" } }`).join("\n");
		assert.deepEqual(readDevices("plant.yaml", yaml), expected);
		assert.deepEqual(readDevices("plant.yaml", "a: { capabilities: { iotEdge: yes } }"), {
			a: { capabilities: { iotEdge: true } },
		});
	});

	test("for booleans in other languages are quoted", () => {
		const text =
			'\uFEFFdeviceId;Status;Status Reason;IoT Edge\r\na;enabled;"pump; left";WAHR\r\nb;enabled;;FALSCH\r\n';
		assert.deepEqual(listFleetFaults("plant.csv", text), [
			'2:4 iotEdge must be true or false, got "WAHR"',
			'3:4 iotEdge must be true or false, got "FALSCH"',
		]);
	});
});

describe("thumbprints", () => {
	test("are read as openssl and certificate managers print them", () => {
		const cells = [
			COLONS,
			COLONS.replaceAll(":", " "),
			`sha1 Fingerprint=${COLONS}`,
			`SHA1 Fingerprint=${COLONS.toUpperCase()}`,
		];
		const rows = cells.map((cell, at) => `d${at},selfSigned,${cell}`);
		const devices = readDevices(
			"plant.csv",
			["deviceId,authenticationType,primaryThumbprint", ...rows].join("\n"),
		);
		assert.deepEqual(
			Object.values(devices).map(({ authentication }) =>
				authentication?.x509Thumbprint?.primaryThumbprint.toLowerCase(),
			),
			cells.map(() => DIGITS),
		);
	});

	test("with a character that cannot be seen are refused with its code point", () => {
		assert.deepEqual(listFleetFaults("plant.csv", `deviceId,primaryThumbprint\na,\u200E${DIGITS}\n`), [
			"2:2 primaryThumbprint contains the invisible character U+200E, as a thumbprint that is copied from a dialog of Windows does; type the digits anew",
		]);
	});
});

describe("invisible characters", () => {
	test("are named in ids, names and between values", () => {
		assert.match(
			listFleetFaults("plant.csv", "deviceId\na\u200Bb\n")[0] ?? "",
			/^2:1 deviceId "a.b" contains the invisible character U\+200B,/,
		);
		assert.match(
			listFleetFaults("plant.json", '{"a":{"sta\u200Btus":"enabled"}}')[0] ?? "",
			/^1:7 "sta.tus" contains the invisible character U\+200B; remove it$/,
		);
		assert.match(
			listFleetFaults("plant.ndjson", '{"id":"a"}\n\uFEFF{"id":"b"}\n')[0] ?? "",
			/^2:1 invalid JSON: expected a value .*, got the invisible character U\+FEFF; nothing/,
		);
		assert.match(
			listFleetFaults("plant.csv", "deviceId,si\u00ADte\na,b\n")[0] ?? "",
			/^1:2 "si.te" contains the invisible character U\+00AD; remove it$/,
		);
	});

	test("in the names of known columns do no harm", () => {
		assert.deepEqual(readDevices("plant.csv", "\u200BdeviceId,\uFEFFstatus\na,enabled\n"), {
			a: { status: "enabled" },
		});
	});
});

describe("records of the service", () => {
	test("may have the members of a later api-version, which are reported once", () => {
		const device = {
			id: "a",
			eTag: "MA==",
			status: "enabled",
			authentication: {
				symmetricKey: { primaryKey: null, secondaryKey: null },
				type: "certificateAuthority",
				policyResourceId: "/subscriptions/x/policies/p",
				x509CaValidation: { mode: "strict" },
				laterMember: 1,
			},
			attributes: { site: "north" },
			adrDeviceProperties: { uuid: "1" },
			deviceResourceId: "/subscriptions/x",
			armSyncStatus: "done",
			anotherMember: null,
		};
		const { devices, passedOver } = readFleetText(
			"devices.ndjson",
			toLines([device, { ...device, id: "b" }]),
		);
		const read = { status: "enabled", authentication: { type: "certificateAuthority" } };
		assert.deepEqual(devices, { a: read, b: read });
		const names = [
			"authentication.policyResourceId",
			"authentication.x509CaValidation",
			"authentication.laterMember",
			"attributes",
			"adrDeviceProperties",
			"deviceResourceId",
			"armSyncStatus",
		];
		assert.deepEqual(passedOver, [
			`"devices.ndjson": ${names.map((name) => `${name} (2 times)`).join(", ")} are ${IGNORED}`,
		]);
	});

	for (const mark of [
		"etag",
		"eTag",
		"ETag",
		"generationId",
		"generation_id",
		"twinETag",
		"deviceEtag",
		"importMode",
	])
		test(`are recognized by ${mark}`, () => {
			const text = JSON.stringify([{ deviceId: "a", laterMember: 1, [mark]: "create" }]);
			assert.deepEqual(readFleetText("devices.json", text).devices, { a: {} });
		});

	test("are recognized neither by no mark nor by an empty one, so that a misspelt name stays an error", () => {
		for (const device of [
			{ id: "a", statuss: "enabled" },
			{ id: "a", statuss: "enabled", etag: null },
		])
			assert.match(
				listFleetFaults("devices.json", JSON.stringify([device]))[0] ?? "",
				/"statuss" is not a known property; did you mean "status"\?/,
			);
		assert.match(
			listFleetFaults("plant.yaml", "a: { status_reason: x }")[0] ?? "",
			/"status_reason" is not a known property; did you mean/,
		);
	});

	test("have empty strings for what is not set", () => {
		const print = { primaryThumbprint: "", secondaryThumbprint: "" };
		const text = toLines([
			{
				id: "a",
				statusReason: "",
				authentication: {
					symmetricKey: { primaryKey: "", secondaryKey: "" },
					x509Thumbprint: print,
					type: "sas",
				},
			},
			{
				id: "b",
				parent: "",
				deviceScope: "",
				parentScopes: [""],
				authentication: { type: "selfSigned", x509Thumbprint: { ...print, primaryThumbprint: DIGITS } },
			},
			{ id: "c", status: "", authentication: "", capabilities: { iotEdge: "" } },
		]);
		assert.deepEqual(readDevices("devices.ndjson", text), {
			a: { authentication: { type: "sas" } },
			b: { authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: DIGITS } } },
			c: {},
		});
		assert.deepEqual(listFleetFaults("devices.ndjson", '{"id":""}'), ["1:1 deviceId is missing"]);
	});

	test("are read with the names of the Python SDK", () => {
		const device = {
			device_id: "a",
			generation_id: "1",
			etag: "MA==",
			connection_state: "Disconnected",
			cloud_to_device_message_count: 0,
			status: "enabled",
			status_reason: "spare",
			authentication: {
				type: "selfSigned",
				symmetric_key: { primary_key: null, secondary_key: null },
				x509_thumbprint: { primary_thumbprint: DIGITS, secondary_thumbprint: null },
			},
			capabilities: { iot_edge: false },
			device_scope: "",
		};
		assert.deepEqual(readDevices("devices.json", JSON.stringify([device])), {
			a: {
				status: "enabled",
				statusReason: "spare",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: DIGITS } },
				capabilities: { iotEdge: false },
			},
		});
	});

	test("are read as Get-AzIotHubDevice returns them, as JSON and as CSV", () => {
		const device = {
			DeviceId: "a",
			GenerationId: "1",
			ETag: '"MA=="',
			LastActivityTime: "0001-01-01T00:00:00",
			ConnectionState: "Disconnected",
			ConnectionStateUpdatedTime: "0001-01-01T00:00:00",
			Status: "Disabled",
			StatusReason: "spare",
			StatusUpdatedTime: "0001-01-01T00:00:00",
			CloudToDeviceMessageCount: 0,
			Authentication: "Sas",
			EdgeEnabled: true,
		};
		const expected = {
			a: {
				status: "disabled",
				statusReason: "spare",
				authentication: { type: "sas" },
				capabilities: { iotEdge: true },
			},
		};
		assert.deepEqual(readDevices("devices.json", JSON.stringify({ value: [device], Count: 1 })), expected);
		const quote = (cells: readonly unknown[]) =>
			cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(",");
		const csv = [
			"#TYPE Az.Device",
			quote(Object.keys(device)),
			quote(Object.values(device)).replace('"true"', '"True"'),
		];
		assert.deepEqual(readDevices("devices.csv", csv.join("\r\n")), expected);
		assert.match(
			listFleetFaults("devices.json", JSON.stringify([{ ...device, Status: 1 }])).join(),
			/^1:\d+ Status must be a word, got a number; if PowerShell wrote it, use ConvertTo-Json -EnumsAsStrings, or Export-Csv$/,
		);
	});

	test("are read as a single device, and as the list of Azure IoT Explorer", () => {
		const { deviceId, ...rest } = { deviceId: "a", etag: "MA==", status: "enabled", laterMember: {} };
		assert.deepEqual(readFleetText("device.json", JSON.stringify({ deviceId, ...rest }, null, 2)).devices, {
			a: { status: "enabled" },
		});
		const summary = {
			deviceId: "a",
			iotEdge: true,
			status: "Enabled",
			authenticationType: "sas",
			connectionState: "Disconnected",
			lastActivityTime: "",
			statusUpdatedTime: "",
		};
		assert.deepEqual(readDevices("devices.json", JSON.stringify([summary])), {
			a: { status: "enabled", authentication: { type: "sas" }, capabilities: { iotEdge: true } },
		});
	});
});

describe("objects around devices", () => {
	test("are a list under devices or value", () => {
		for (const name of ["devices", "value", "Devices"])
			for (const file of ["plant.json", "plant.yaml"])
				assert.deepEqual(
					readDevices(file, JSON.stringify({ [name]: [{ id: "a" }, { deviceId: "b" }], nextLink: null })),
					{ a: {}, b: {} },
				);
	});

	test("do not hide a device of that name", () => {
		assert.deepEqual(readDevices("plant.json", '{"devices":{"status":"enabled"},"value":{}}'), {
			devices: { status: "enabled" },
			value: {},
		});
	});

	test("are a saved state of `az iot hub state export`", () => {
		const identity = { etag: "MA==", status: "enabled", authentication: { type: "sas", symmetricKey: KEYS } };
		const state = {
			configurations: { adm: {} },
			devices: {
				gw: {
					identity: { ...identity, deviceId: "gw", capabilities: { iotEdge: true } },
					twin: { tags: {} },
					modules: {},
				},
				leaf: { identity: { ...identity, capabilities: { iotEdge: false } }, twin: {}, parent: "gw" },
			},
			arm: {},
		};
		const { devices, passedOver } = readFleetText("state.json", JSON.stringify(state, null, 4));
		const authentication = { type: "sas", symmetricKey: KEYS };
		assert.deepEqual(devices, {
			gw: { status: "enabled", authentication, capabilities: { iotEdge: true } },
			leaf: { status: "enabled", authentication, capabilities: { iotEdge: false }, parent: "gw" },
		});
		assert.deepEqual(passedOver, [
			`"state.json": configurations, arm, twin (2 times), modules are ${IGNORED}`,
		]);
	});
});

describe("documents without devices are named in one sentence, with what to export instead", () => {
	const instead = /export the devices of the hub with `az iot hub device-identity list --output json`/;
	for (const [title, name, text, says] of [
		[
			"a configuration of iotedge_config_cli",
			"edge.yaml",
			'config_version: "1.0"\niothub: { iothub_name: h, authentication_method: symmetric_key }\nconfiguration: {}\nedgedevices:\n  - device_id: e\n    leaf:\n      - device_id: l\n',
			/^it is a configuration of iotedge_config_cli/,
		],
		[
			"a CSV of IoT Central",
			"central.csv",
			"IOTC_DEVICEID,IOTC_DEVICENAME\na,A\nb,B\n",
			/^it is an export of IoT Central/,
		],
		[
			"a list of IoT Central",
			"central.json",
			'{"value":[{"id":"a","etag":"x","displayName":"A","simulated":false},{"id":"b"}]}',
			/^it is an export of IoT Central/,
		],
		[
			"a device of IoT Central",
			"central.json",
			'{"id":"a","etag":"x","displayName":"A","provisioned":true}',
			/^it is an export of IoT Central/,
		],
		[
			"connections of Azure IoT Explorer",
			"explorer.json",
			'{"connectionStrings":["x"]}',
			/^it is a list of connections of Azure IoT Explorer/,
		],
		[
			"a state of an early version",
			"state.json",
			'{"devices":{"identities":[],"children":{}},"modules":{}}',
			/^it is the state of a hub as an early version/,
		],
	] as const) {
		test(title, () => {
			const { faults } = readRefusedFleet(name, text);
			assert.equal(faults.length, 1);
			assert.match(faults[0]?.text ?? "", says);
			assert.match(faults[0]?.text ?? "", instead);
		});
	}

	test("a list of machines", () => {
		assert.deepEqual(
			listFleetFaults("machines.csv", "Device Serial Number,Windows Product ID,Hardware Hash\nA,,B\n"),
			["0:0 it is a list of Windows Autopilot machines; read it with readAutopilotCsv (plan: --autopilot)"],
		);
	});

	test("but the ids of IoT Central can be mapped", () => {
		const options = { columns: { IOTC_DEVICEID: "deviceId" }, ignoreColumns: ["IOTC_DEVICENAME"] } as const;
		assert.deepEqual(
			readFleet(writeFleetText("central.csv", "IOTC_DEVICEID,IOTC_DEVICENAME\na,A\n"), options),
			{ a: {} },
		);
	});
});

test("the column id is read as deviceId, and both at once are refused", () => {
	assert.deepEqual(readDevices("plant.csv", "ID,status\na,enabled\n"), { a: { status: "enabled" } });
	assert.match(
		listFleetFaults("plant.csv", "deviceId,id\na,b\n")[0] ?? "",
		/^1:2 "id" has the same meaning as column 1, "deviceId"/,
	);
	assert.deepEqual(listFleetFaults("plant.csv", "id\na\nb\na\n"), ['4:1 "a" is already declared in line 2']);
});
