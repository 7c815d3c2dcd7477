import type { AutopilotCsvRow } from "../../../provider/files/autopilotCsv.schema.ts";
import type { FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";

/** The content of a file as a tool writes it, with invented values, and the result of reading it. */
export interface ToolFile {
	/** The shape, as the guide to files names it in its tables. */
	readonly shape: string;
	/** The case of the shape, for the test's title. Default: none. */
	readonly variant?: string;
	readonly name: string;
	readonly text: string;
	/** The devices, for `readFleet`. */
	readonly devices?: Readonly<Record<string, FleetDevice>>;
	/** The names that the notice about skipped content has, for `readFleet`. Default: no notice. */
	readonly skipped?: readonly string[];
	/** The machines, for `readAutopilotCsv`. */
	readonly machines?: readonly AutopilotCsvRow[];
	/** The problems, each as `line:column text` from its beginning; a file with problems is not read. */
	readonly problems?: readonly RegExp[];
}

const KEY = Buffer.from("an invented key of 32 bytes only").toString("base64");
const KEYS = { primaryKey: KEY, secondaryKey: KEY };
const DIGITS = "0123456789ABCDEF0123456789ABCDEF01234567";
const COLONS = "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD";
const NO_KEYS = { primaryKey: null, secondaryKey: null };
const NO_PRINTS = { primaryThumbprint: null, secondaryThumbprint: null };

const toLines = (...records: readonly object[]): string =>
	records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** Files of devices that `readFleet` reads. */
const DEVICE_FILES: readonly ToolFile[] = [
	{
		shape: "Export of a hub",
		name: "devices.txt",
		text: toLines(
			{
				id: "gw",
				eTag: "MA==",
				status: "enabled",
				authentication: { symmetricKey: KEYS, x509Thumbprint: NO_PRINTS, type: "sas" },
				twinETag: "AAAAAAAAAAE=",
				tags: { site: "north" },
				properties: { desired: { $version: 1 }, reported: { $version: 1 } },
				capabilities: { iotEdge: true },
				deviceScope: "ms-azure-iot-edge://gw-638000000000000000",
				parentScopes: [],
			},
			{ id: "gw", moduleId: "$edgeAgent", eTag: "MA==", managedBy: "iotEdge" },
			{
				id: "leaf",
				eTag: "MA==",
				status: "disabled",
				statusReason: "spare",
				authentication: { symmetricKey: NO_KEYS, x509Thumbprint: NO_PRINTS, type: "certificateAuthority" },
				capabilities: { iotEdge: false },
				deviceScope: "ms-azure-iot-edge://gw-638000000000000000",
			},
		),
		devices: {
			gw: {
				status: "enabled",
				authentication: { type: "sas", symmetricKey: KEYS },
				capabilities: { iotEdge: true },
			},
			leaf: {
				status: "disabled",
				statusReason: "spare",
				authentication: { type: "certificateAuthority" },
				capabilities: { iotEdge: false },
				parent: "gw",
			},
		},
		skipped: ["tags", "properties", "modules"],
	},
	{
		shape: "Export of a hub",
		variant: "with the members of api-version 2026-11-01-preview",
		name: "devices.ndjson",
		text: toLines({
			id: "dev1",
			eTag: "MA==",
			status: "enabled",
			authentication: {
				symmetricKey: NO_KEYS,
				x509Thumbprint: NO_PRINTS,
				type: "certificateAuthority",
				policyResourceId: "/subscriptions/x/policies/p",
				x509CaValidation: null,
			},
			attributes: { site: "oslo" },
			adrDeviceProperties: { uuid: "0d1c", name: "dev1" },
			deviceResourceId: "/subscriptions/x/devices/dev1",
			armSyncStatus: "done",
			capabilities: { iotEdge: false },
		}),
		devices: {
			dev1: {
				status: "enabled",
				authentication: { type: "certificateAuthority" },
				capabilities: { iotEdge: false },
			},
		},
		skipped: [
			"authentication.policyResourceId",
			"attributes",
			"adrDeviceProperties",
			"deviceResourceId",
			"armSyncStatus",
		],
	},
	{
		shape: "Export of a hub",
		variant: "with empty strings for what is not set",
		name: "devices.ndjson",
		text: toLines(
			{
				id: "dev2",
				eTag: "MA==",
				status: "enabled",
				authentication: {
					symmetricKey: { primaryKey: "", secondaryKey: "" },
					x509Thumbprint: { primaryThumbprint: "", secondaryThumbprint: "" },
					type: "sas",
				},
			},
			{
				id: "dev4",
				eTag: "MA==",
				status: "enabled",
				statusReason: "",
				authentication: {
					symmetricKey: { primaryKey: "", secondaryKey: "" },
					x509Thumbprint: { primaryThumbprint: DIGITS, secondaryThumbprint: "" },
					type: "selfSigned",
				},
			},
		),
		devices: {
			dev2: { status: "enabled", authentication: { type: "sas" } },
			dev4: {
				status: "enabled",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: DIGITS } },
			},
		},
	},
	{
		shape: "Import file of the Java SDK",
		name: "devices.txt",
		text: toLines(
			{
				id: "dev-0",
				importMode: "createOrUpdate",
				status: "Enabled",
				authentication: {
					thumbprint: { primaryThumbprint: DIGITS, secondaryThumbprint: DIGITS },
					type: "SELF_SIGNED",
				},
			},
			{
				id: "dev-1",
				importMode: "createOrUpdate",
				status: "Enabled",
				authentication: { symmetricKey: KEYS, type: "SAS" },
			},
		),
		devices: {
			"dev-0": {
				status: "enabled",
				authentication: {
					type: "selfSigned",
					x509Thumbprint: { primaryThumbprint: DIGITS, secondaryThumbprint: DIGITS },
				},
			},
			"dev-1": { status: "enabled", authentication: { type: "sas", symmetricKey: KEYS } },
		},
	},
	{
		shape: "List of twins",
		name: "devices.json",
		text: JSON.stringify(
			[
				{
					authenticationType: "selfSigned",
					capabilities: { iotEdge: false },
					cloudToDeviceMessageCount: 0,
					connectionState: "Disconnected",
					deviceEtag: "MTIzNDU2Nzg5",
					deviceId: "pump",
					etag: "AAAAAAAAAAE=",
					lastActivityTime: "0001-01-01T00:00:00Z",
					modelId: "",
					parentScopes: [],
					properties: { desired: {}, reported: {} },
					status: "enabled",
					statusUpdateTime: "0001-01-01T00:00:00Z",
					version: 2,
					x509Thumbprint: { PrimaryThumbprint: DIGITS, SecondaryThumbprint: null },
				},
			],
			undefined,
			2,
		),
		devices: {
			pump: {
				status: "enabled",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: DIGITS } },
				capabilities: { iotEdge: false },
			},
		},
		skipped: ["properties"],
	},
	{
		shape: "One device",
		name: "device.json",
		text: JSON.stringify(
			{
				deviceId: "pump",
				generationId: "638000000000000000",
				etag: "MTIzNDU2Nzg5",
				status: "enabled",
				statusReason: null,
				authentication: { symmetricKey: KEYS, x509Thumbprint: NO_PRINTS, type: "sas" },
				capabilities: { iotEdge: false },
				hub: "plant.azure-devices.net",
			},
			undefined,
			2,
		),
		devices: {
			pump: {
				status: "enabled",
				authentication: { type: "sas", symmetricKey: KEYS },
				capabilities: { iotEdge: false },
			},
		},
		skipped: ["hub"],
	},
	{
		shape: "Devices of the Python SDK",
		name: "devices.json",
		text: JSON.stringify([
			{
				device_id: "pump",
				generation_id: "638000000000000000",
				etag: "MA==",
				status: "disabled",
				status_reason: "spare",
				authentication: { type: "sas", symmetric_key: { primary_key: KEY, secondary_key: KEY } },
				capabilities: { iot_edge: false },
			},
		]),
		devices: {
			pump: {
				status: "disabled",
				statusReason: "spare",
				authentication: { type: "sas", symmetricKey: KEYS },
				capabilities: { iotEdge: false },
			},
		},
	},
	{
		shape: "Objects of Azure PowerShell",
		name: "devices.json",
		text: JSON.stringify([
			{
				DeviceId: "pump",
				GenerationId: "638000000000000000",
				ETag: '"MA=="',
				Status: "Enabled",
				Authentication: "Sas",
				EdgeEnabled: false,
			},
		]),
		devices: {
			pump: { status: "enabled", authentication: { type: "sas" }, capabilities: { iotEdge: false } },
		},
	},
	{
		shape: "CSV of PowerShell",
		name: "devices.csv",
		text: '#TYPE System.Management.Automation.PSCustomObject\r\n"deviceId","status"\r\n"dev1","enabled"\r\n"dev2","disabled"\r\n',
		devices: { dev1: { status: "enabled" }, dev2: { status: "disabled" } },
	},
	{
		shape: "List of Azure IoT Explorer",
		name: "devices.json",
		text: JSON.stringify([
			{
				deviceId: "pump",
				iotEdge: true,
				status: "Enabled",
				authenticationType: "sas",
				connectionState: "Disconnected",
				lastActivityTime: "",
				statusUpdatedTime: "",
			},
		]),
		devices: {
			pump: { status: "enabled", authentication: { type: "sas" }, capabilities: { iotEdge: true } },
		},
	},
	{
		shape: "Saved state of a hub",
		name: "state.json",
		text: JSON.stringify({
			configurations: { adm: {} },
			devices: {
				gw: {
					identity: { deviceId: "gw", etag: "MA==", status: "enabled", capabilities: { iotEdge: true } },
					twin: { tags: {} },
				},
				leaf: { identity: { etag: "MA==", status: "enabled" }, parent: "gw" },
			},
		}),
		devices: {
			gw: { status: "enabled", capabilities: { iotEdge: true } },
			leaf: { status: "enabled", parent: "gw" },
		},
		skipped: ["configurations", "twin"],
	},
	{
		shape: "Tree of gateways",
		name: "edge.yaml",
		text: 'configVersion: "1.0"\niotHub: { authenticationMethod: symmetricKey }\nedgeDevices:\n  - deviceId: top\n    hostname: top.local\n    children:\n      - deviceId: lower\n',
		devices: {
			top: { authentication: { type: "sas" }, capabilities: { iotEdge: true } },
			lower: { authentication: { type: "sas" }, capabilities: { iotEdge: true }, parent: "top" },
		},
		skipped: ["hostname"],
	},
	{
		shape: "List within an object",
		name: "plant.json",
		text: '{"value":[{"deviceId":"a","status":"disabled"},{"id":"b"}],"nextLink":null}',
		devices: { a: { status: "disabled" }, b: {} },
	},
	{
		shape: "Table of devices",
		name: "plant.tsv",
		text: "deviceId\tstatusReason\npump\tleft, behind\n",
		devices: { pump: { statusReason: "left, behind" } },
	},
	{
		shape: "Table of devices",
		variant: "of a German Excel: separators and byte order mark are read, a boolean in German is quoted",
		name: "plant.csv",
		text: '\uFEFFdeviceId;Status;Status Reason;IoT Edge\r\ndev1;enabled;"pump; left";WAHR\r\ndev2;enabled;;FALSCH\r\n',
		problems: [/^2:4 iotEdge must be true or false, got "WAHR"/, /^3:4 .*got "FALSCH"/],
	},
	{
		shape: "Table of devices",
		variant: "with booleans of spreadsheets",
		name: "plant.csv",
		text: "deviceId,parent,iotEdge\ngw,,yes\nleaf,gw,no\ngw2,,1\nx,,0\n",
		devices: {
			gw: { capabilities: { iotEdge: true } },
			leaf: { capabilities: { iotEdge: false }, parent: "gw" },
			gw2: { capabilities: { iotEdge: true } },
			x: { capabilities: { iotEdge: false } },
		},
	},
	{
		shape: "Table of devices",
		variant: "with NULL where a database has no value",
		name: "plant.csv",
		text: "deviceId,parent,iotEdge\ngw,,yes\nleaf,gw,no\ngw2,,1\nx,NULL,0\n",
		problems: [/^5:2 parent is "NULL", by which a script marks a missing value; leave it blank/],
	},
	{
		shape: "Table of devices",
		variant: "with thumbprints as openssl and a dialog of Windows show them",
		name: "plant.csv",
		text: `deviceId,authenticationType,primaryThumbprint,secondaryThumbprint\ncolons,selfSigned,${COLONS},\nopenssl-line,selfSigned,sha1 Fingerprint=${COLONS},\nwindows-dialog,selfSigned,\u200E${COLONS.replaceAll(":", "").toLowerCase()},\n`,
		problems: [/^4:3 primaryThumbprint contains the invisible character U\+200E/],
	},
	{
		shape: "Devices by id",
		name: "plant.yaml",
		text: "gw: { capabilities: { iotEdge: true } }\npump: { parent: gw, status: disabled }\n",
		devices: {
			gw: { capabilities: { iotEdge: true } },
			pump: { parent: "gw", status: "disabled" },
		},
	},
];

const HEADER = "Device Serial Number,Windows Product ID,Hardware Hash";
const HASH = generateHardwareHash("LAB-0001");
const SECOND_HASH = generateHardwareHash("LAB-0002");
const PADDED_HASH = generateHardwareHash("LAB-0001", { size: 3_001 });
const MACHINE = { serialNumber: "LAB-0001", hardwareIdentifier: HASH };

/** A row with a serial number that a spreadsheet changed, and the hash with the right one. */
function createDamagedSerial(cell: string, serial: string, problem: RegExp): ToolFile {
	return {
		shape: "Export of a machine",
		variant: `with the serial number ${cell}`,
		name: "machines.csv",
		text: `${HEADER}\r\n${cell},,${generateHardwareHash(serial)}\r\n`,
		problems: [
			new RegExp(
				`^2:1 Device Serial Number is ${problem.source}.*; the hardware hash has the serial number "${serial}"$`,
			),
		],
	};
}

/** Files of machines that `readAutopilotCsv` reads. */
const MACHINE_FILES: readonly ToolFile[] = [
	{
		shape: "Export of a machine",
		name: "machines.csv",
		text: `${HEADER},Group Tag,Assigned User\r\nLAB-0001,,${HASH},Kiosk,\r\n`,
		machines: [{ ...MACHINE, groupTag: "Kiosk" }],
	},
	{
		shape: "Export of a machine",
		variant: "whose hash has no padding",
		name: "machines.csv",
		text: `${HEADER}\r\nLAB-0001,,${PADDED_HASH.replace(/=+$/, "")}\r\n`,
		machines: [{ serialNumber: "LAB-0001", hardwareIdentifier: PADDED_HASH }],
	},
	createDamagedSerial('"=""0012345678"""', "0012345678", /"=\\"0012345678\\"", a formula of a spreadsheet/),
	createDamagedSerial("12345678901.0", "12345678901", /"12345678901\.0", a number to which a spreadsheet/),
	createDamagedSerial(
		'"LAB-0001\t"',
		"LAB-0001",
		/"LAB-0001\\t", which contains the invisible character U\+0009/,
	),
	{
		shape: "Export for the Partner Center",
		name: "machines.csv",
		text: `${HEADER},Manufacturer name,Device model\r\nLAB-0001,,${HASH},Contoso,Slate 4\r\n`,
		machines: [MACHINE],
	},
	{
		shape: "Machines of PowerShell",
		name: "machines.csv",
		text: `#TYPE Selected.System.Management.Automation.PSCustomObject\r\n"${HEADER.replaceAll(",", '","')}"\r\n"LAB-0001","","${HASH}"\r\n`,
		machines: [MACHINE],
	},
	{
		shape: "Report of Configuration Manager",
		name: "machines.csv",
		text: `Report_Title,Report_Description\r\nWindows Autopilot Device Information,Invented\r\n\r\nTextbox6,Textbox8,Textbox10,Details_Serial,Details_ProductID,Details_Hash\r\n${HEADER},LAB-0001,,${HASH}\r\n${HEADER},LAB-0002,,${SECOND_HASH}\r\n`,
		machines: [MACHINE, { serialNumber: "LAB-0002", hardwareIdentifier: SECOND_HASH }],
	},
];

/** Files that are recognized, but not read. */
const REFUSED_FILES: readonly ToolFile[] = [
	{
		shape: "Configuration of `iotedge_config_cli`",
		name: "edge.yaml",
		text: 'config_version: "1.0"\niothub:\n  iothub_hostname: plant.azure-devices.net\n  iothub_name: plant\n  authentication_method: x509_certificate\nconfiguration:\n  template_config_path: "./device_config.toml"\n  default_edge_agent: "$upstream:8000/azureiotedge-agent:1.2"\nedgedevices:\n  - device_id: edge-1\n    child:\n      - device_id: nested-edge\n        leaf:\n          - device_id: leaf-1\n    leaf:\n      - device_id: leaf-3\n',
		problems: [/^1:1 it is a configuration of iotedge_config_cli.*az iot hub device-identity list/],
	},
	{
		shape: "Export of IoT Central",
		name: "central.csv",
		text: "IOTC_DEVICEID,IOTC_DEVICENAME\na,A\n",
		problems: [/^0:0 it is an export of IoT Central.*az iot hub device-identity list/],
	},
	{
		shape: "Connections of Azure IoT Explorer",
		name: "explorer.json",
		text: '{"connectionStrings":["HostName=x"]}',
		problems: [/^1:1 it is a list of connections of Azure IoT Explorer/],
	},
	{
		shape: "Saved state of an early version",
		name: "state.json",
		text: '{"devices":{"identities":[],"children":{}}}',
		problems: [/^1:1 it is the state of a hub as an early version/],
	},
	{
		shape: "Tree of gateways with certificates",
		name: "edge.yaml",
		text: 'configVersion: "1.0"\niotHub: { authenticationMethod: x509Certificate }\nedgeDevices:\n  - deviceId: top\n',
		problems: [/^2:\d+ iotHub\.authenticationMethod is "x509Certificate", which is not supported/],
	},
	{
		shape: "Rows without names",
		name: "devices.csv",
		text: "enabled\tpump\nenabled\ttank\n",
		problems: [/^0:0 its first line must name the columns.*"--output json" instead/],
	},
	{
		shape: "Enumerations as numbers",
		name: "devices.json",
		text: '[{"DeviceId":"pump","ETag":"MA==","Status":0}]',
		problems: [/^1:\d+ Status must be a word, got a number; .*-EnumsAsStrings/],
	},
];

/** Files that tools write; a table of the guide to files has each shape. */
export const TOOL_FILES: readonly ToolFile[] = [...DEVICE_FILES, ...MACHINE_FILES, ...REFUSED_FILES];
