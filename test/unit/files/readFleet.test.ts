import assert from "node:assert/strict";
import { relative } from "node:path";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { readFleet } from "../../../provider/files/readFleet.ts";
import type { FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { readDevices, readFleetText, writeFleetText } from "./fleetFile.ts";

const KEYS = {
	primaryKey: Buffer.alloc(32, 1).toString("base64"),
	secondaryKey: Buffer.alloc(32, 2).toString("base64"),
};
const THUMBPRINT = "AB".repeat(20);

const PLANT: Record<string, FleetDevice> = {
	"gateway-1": { authentication: { type: "certificateAuthority" }, capabilities: { iotEdge: true } },
	"sensor-1": { parent: "gateway-1", capabilities: { iotEdge: false } },
	"sensor-2": { status: "disabled", statusReason: "being repaired" },
	"sensor-3": { status: "enabled", authentication: { type: "sas", symmetricKey: KEYS } },
	"sensor-4": {
		authentication: {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: THUMBPRINT, secondaryThumbprint: THUMBPRINT },
		},
	},
	"sensor-5": { authentication: { x509Thumbprint: { primaryThumbprint: THUMBPRINT } } },
	"sensor-6": {},
};

const ROWS = `deviceId,parent,iotEdge,status,statusReason,authenticationType,primaryKey,secondaryKey,primaryThumbprint,secondaryThumbprint
gateway-1,,true,,,certificateAuthority,,,,
sensor-1,gateway-1,false,,,,,,,
sensor-2,,,disabled,being repaired,,,,,
sensor-3,,,enabled,,sas,${KEYS.primaryKey},${KEYS.secondaryKey},,
sensor-4,,,,,selfSigned,,,${THUMBPRINT},${THUMBPRINT}
sensor-5,,,,,,,,${THUMBPRINT},
sensor-6,,,,,,,,,
`;

const YAML = `# the plant
gateway-1:
  authentication: { type: certificateAuthority }
  capabilities:
    iotEdge: true
sensor-1: { parent: gateway-1, capabilities: { iotEdge: false } }
sensor-2:
  status: disabled
  statusReason: being repaired
sensor-3:
  status: enabled
  authentication:
    type: sas
    symmetricKey: { primaryKey: ${KEYS.primaryKey}, secondaryKey: ${KEYS.secondaryKey} }
sensor-4:
  authentication:
    type: selfSigned
    x509Thumbprint: &print { primaryThumbprint: ${THUMBPRINT}, secondaryThumbprint: ${THUMBPRINT} }
sensor-5: { authentication: { x509Thumbprint: { primaryThumbprint: ${THUMBPRINT} } } }
sensor-6:
`;

const LIST = Object.entries(PLANT).map(([deviceId, device]) => ({ deviceId, ...device }));
const lines = (end: string) => LIST.map((device) => JSON.stringify(device)).join(end);

describe("a fleet is read", () => {
	const forms: [form: string, name: string, text: string][] = [
		["CSV", "plant.csv", ROWS],
		["CSV with semicolons", "plant.csv", ROWS.replaceAll(",", ";")],
		["TSV", "plant.tsv", ROWS.replaceAll(",", "\t")],
		["JSON by id", "plant.json", JSON.stringify(PLANT)],
		["JSON by id, indented with tabs", "plant.JSON", JSON.stringify(PLANT, null, "\t")],
		["JSON as a list", "plant.json", JSON.stringify(LIST)],
		["JSON as a list with id", "plant.json", JSON.stringify(LIST).replaceAll('"deviceId"', '"id"')],
		["NDJSON", "plant.ndjson", lines("\n")],
		["NDJSON with CRLF, blank lines and an end", "plant.jsonl", `\r\n${lines("\r\n\r\n")}\r\n`],
		["YAML by id", "plant.yaml", YAML],
		["YAML by id with CRLF", "plant.yml", YAML.replaceAll("\n", "\r\n")],
		["YAML as a list", "plant.yaml", LIST.map((device) => `- ${JSON.stringify(device)}`).join("\n")],
		["JSON in a file for YAML", "plant.yaml", JSON.stringify(PLANT, null, 2)],
		["CSV by its content", "plant.txt", ROWS],
		["JSON by its content", "plant", JSON.stringify(PLANT, null, 2)],
		["NDJSON by its content", "devices.txt", lines("\n")],
		["NDJSON in a file for JSON", "devices.json", lines("\n")],
	];
	for (const [form, name, text] of forms) {
		test(`from ${form}`, () => {
			assert.deepEqual(readDevices(name, text), PLANT);
		});
	}

	test("from a path relative to the working directory", () => {
		assert.deepEqual(readFleet(relative(process.cwd(), writeFleetText("plant.csv", ROWS))), PLANT);
	});

	test("without devices from a file that is not empty", () => {
		for (const [name, text] of [
			["none.csv", "deviceId,parent\n"],
			["none.json", "{}"],
			["none.json", "[]"],
			["none.yaml", "[]"],
			["none.yaml", "{} # none yet"],
		] as const)
			assert.deepEqual(readDevices(name, text), {});
	});

	test("from more lines than one chunk contains, with letters beyond ASCII at every boundary", () => {
		const many = Array.from({ length: 5000 }, (_, index) => ({
			id: `sensor-${index}`,
			statusReason: `${"é東🖥".repeat(index % 11)}.`,
		}));
		const text = many.map((device) => JSON.stringify(device)).join("\n");
		assert.deepEqual(
			readDevices("many.ndjson", text),
			Object.fromEntries(many.map(({ id, statusReason }) => [id, { statusReason }])),
		);
	});
});

describe("in CSV", () => {
	test("columns may be in any order and case, with any blanks, underscores and hyphens", () => {
		const text = "Status Reason,AUTHENTICATION_TYPE,Device-Id,IoT Edge\nspare,sas,a,TRUE\n,,b,False\n";
		assert.deepEqual(readDevices("plant.csv", text), {
			a: { statusReason: "spare", authentication: { type: "sas" }, capabilities: { iotEdge: true } },
			b: { capabilities: { iotEdge: false } },
		});
	});

	test("ids may contain the separator in quotes, and in TSV commas without quotes", () => {
		assert.deepEqual(readDevices("plant.csv", 'deviceId,status\n"a,b",enabled'), {
			"a,b": { status: "enabled" },
		});
		assert.deepEqual(readDevices("plant.tsv", "deviceId\na,b\n0042"), { "a,b": {}, "0042": {} });
	});

	test("cells are trimmed", () => {
		assert.deepEqual(readDevices("plant.csv", "deviceId, statusReason\n a , being repaired \n"), {
			a: { statusReason: "being repaired" },
		});
	});
});

describe("in JSON and YAML", () => {
	test("names are compared without case, as the hub does", () => {
		const text = `{"a":{"Status":"disabled","authentication":{"x509Thumbprint":{"PrimaryThumbprint":"${THUMBPRINT}"}}}}`;
		assert.deepEqual(readDevices("plant.json", text), {
			a: {
				status: "disabled",
				authentication: { x509Thumbprint: { primaryThumbprint: THUMBPRINT } },
			},
		});
	});

	test("a device by id may repeat its id, and a null value counts as absent", () => {
		const text = `{"a":{"deviceId":"a","statusReason":null,"authentication":null,"parent":null},"b":null}`;
		assert.deepEqual(readDevices("plant.json", text), { a: {}, b: {} });
	});

	test("every id that the hub accepts is read unchanged", () => {
		const ids = ["__proto__", "constructor", "0042", "1e3", "true", "null", "-.%_*?!(),:=@$';"];
		const byId = Object.fromEntries(ids.map((id) => [id, { statusReason: id }]));
		const json = `{${ids.map((id) => `${JSON.stringify(id)}:{"statusReason":${JSON.stringify(id)}}`).join()}}`;
		for (const name of ["plant.json", "plant.yaml"]) assert.deepEqual(readDevices(name, json), byId);
		const yaml = "__proto__: {}\n0042: {}\n1e3: {}\ntrue: {}\nnull: {}\n$x: {}";
		assert.deepEqual(
			Object.keys(readDevices("plant.yaml", yaml)).sort(),
			["0042", "1e3", "__proto__", "true", "$x"].concat("null").sort(),
		);
	});

	test("the id of a device does not determine the format", () => {
		const text = `{"edgeDevices":{"status":"enabled"},"configVersion":{},"tags":{},"id":{}}`;
		assert.deepEqual(Object.keys(readDevices("plant.json", text)), [
			"edgeDevices",
			"configVersion",
			"tags",
			"id",
		]);
	});
});

describe("in YAML", () => {
	test("anchors, aliases and merge keys are resolved", () => {
		const text = `
a: &spare { status: disabled, statusReason: &why spare }
b: *spare
c: { <<: *spare, statusReason: sold }
d: { <<: [{ statusReason: gone }, *spare] }
e: { statusReason: *why }
`;
		assert.deepEqual(readDevices("plant.yaml", text), {
			a: { status: "disabled", statusReason: "spare" },
			b: { status: "disabled", statusReason: "spare" },
			c: { statusReason: "sold", status: "disabled" },
			d: { statusReason: "gone", status: "disabled" },
			e: { statusReason: "spare" },
		});
	});

	test("nested aliases need neither memory nor time", () => {
		const levels = Array.from({ length: 30 }, (_, n) => `l${n + 1}: &l${n + 1} [*l${n}, *l${n}, *l${n}]`);
		const text = `a: { tags: { l0: &l0 [x], ${levels.join(", ")} } }`;
		assert.deepEqual(Object.keys(readFleetText("plant.yaml", text).devices), ["a"]);
	});
});

describe("readFleet", () => {
	test("warns about ignored properties unless there is a callback", async () => {
		const warnings: string[] = [];
		const { warn } = pulumi.log;
		const path = writeFleetText("plant.json", `{"a":{"tags":{"site":"north"}}}`);
		try {
			Object.assign(pulumi.log, { warn: async (text: string) => void warnings.push(text) });
			readFleet(path);
		} finally {
			Object.assign(pulumi.log, { warn });
		}
		assert.equal(warnings.length, 1);
		assert.match(warnings[0] ?? "", /plant\.json": tags is ignored/);
	});

	test("rejects anything but a path", () => {
		assert.throws(() => readFleet(Buffer.from("plant.csv") as unknown as string), TypeError);
	});
});
