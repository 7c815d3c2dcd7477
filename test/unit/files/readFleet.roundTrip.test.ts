import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { readFleet } from "../../../provider/files/readFleet.ts";
import type { FleetDevice } from "../../../provider/sdk/deviceFleet.ts";
import { ENCODINGS, generateHardText } from "./csvFile.ts";
import { writeFleetText } from "./fleetFile.ts";

/** Strings with the special characters of JSON and YAML, among others. */
const text = generateHardText([":", "#", "{", "]", "&", "*", "<<", "\\"]).map((value) => value.trim());

const id = fc.oneof(
	fc
		.string({ unit: fc.constantFrom(..."aZ09-.%_*?!(),:=@$';"), minLength: 1, maxLength: 12 })
		.filter((value) => !/^\.{1,2}$/.test(value)),
	fc.constantFrom("null", "true", "0042", "1e3", "__proto__", "=", "configVersion", "id"),
);

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** Returns objects as a reader creates them. */
const PLAIN = { noNullPrototype: true };

const key = fc
	.uint8Array({ minLength: 16, maxLength: 64 })
	.map((bytes) => Buffer.from(bytes).toString("base64"));
const thumbprint = fc
	.uint8Array({ minLength: 20, maxLength: 20 })
	.map((bytes) => Buffer.from(bytes).toString("hex"));

const device = fc.record({
	status: maybe(fc.constantFrom("enabled" as const, "disabled" as const)),
	statusReason: maybe(text),
	authentication: maybe(
		fc.oneof(
			fc.record(
				{
					type: fc.constant("sas" as const),
					symmetricKey: fc.record({ primaryKey: key, secondaryKey: key }, PLAIN),
				},
				{ ...PLAIN, requiredKeys: ["type"] },
			),
			fc.record({ symmetricKey: fc.record({ primaryKey: key, secondaryKey: key }, PLAIN) }, PLAIN),
			fc.record({ type: fc.constant("certificateAuthority" as const) }, PLAIN),
			fc.record(
				{
					type: fc.constant("selfSigned" as const),
					x509Thumbprint: fc.record(
						{ primaryThumbprint: thumbprint, secondaryThumbprint: thumbprint },
						{ ...PLAIN, requiredKeys: ["primaryThumbprint"] },
					),
				},
				{ ...PLAIN, requiredKeys: ["x509Thumbprint"] },
			),
		),
	),
	iotEdge: maybe(fc.boolean()),
	/** The index of its parent among the gateways before it, if it has one. */
	parent: maybe(fc.nat()),
});

/** Devices in order; each may have a parent among the gateways before it. */
const fleet = fc
	.uniqueArray(fc.tuple(id, device), { selector: ([id]) => id, maxLength: 8 })
	.map((entries): [string, FleetDevice][] => {
		const gateways: string[] = [];
		return entries.map(([id, { authentication, iotEdge, parent, ...rest }]) => {
			const above = parent === undefined ? undefined : gateways[parent % Math.max(gateways.length, 1)];
			if (iotEdge === true) gateways.push(id);
			return [
				id,
				present({
					...rest,
					authentication,
					capabilities: iotEdge === undefined ? undefined : { iotEdge },
					parent: above,
				}),
			];
		});
	});

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

function present<Values extends object>(values: Values): Present<Values> {
	const there = Object.entries(values).filter(([, value]) => value !== undefined);
	return Object.fromEntries(there) as Present<Values>;
}

const encoding = fc.constantFrom(...Object.keys(ENCODINGS));

function assertRead(
	name: string,
	text: string,
	entries: readonly [string, FleetDevice][],
	encoding: string,
): void {
	const bytes = ENCODINGS[encoding]?.(text);
	assert.ok(bytes);
	assert.deepEqual(readFleet(writeFleetText(name, bytes)), Object.fromEntries(entries), text);
}

const lists = (entries: readonly [string, FleetDevice][], name: string) =>
	entries.map(([id, device]) => ({ [name]: id, ...device }));

const COLUMNS: readonly [name: string, cell: (id: string, device: FleetDevice) => unknown][] = [
	["deviceId", (id) => id],
	["parent", (_, { parent }) => parent],
	["iotEdge", (_, { capabilities }) => capabilities?.iotEdge],
	["status", (_, { status }) => status],
	["statusReason", (_, { statusReason }) => statusReason],
	["authenticationType", (_, { authentication }) => authentication?.type],
	["primaryKey", (_, { authentication }) => authentication?.symmetricKey?.primaryKey],
	["secondaryKey", (_, { authentication }) => authentication?.symmetricKey?.secondaryKey],
	["primaryThumbprint", (_, { authentication }) => authentication?.x509Thumbprint?.primaryThumbprint],
	["secondaryThumbprint", (_, { authentication }) => authentication?.x509Thumbprint?.secondaryThumbprint],
];

test("devices written as CSV or TSV are read with any order of columns, separator and encoding", () => {
	const form = fc.record({
		separator: fc.constantFrom(",", ";", "\t"),
		columns: fc.shuffledSubarray([...COLUMNS], { minLength: COLUMNS.length }),
		encoding,
	});
	fc.assert(
		fc.property(fleet, form, (entries, { separator, columns, encoding }) => {
			const quoted = (value: unknown) => `"${String(value ?? "").replaceAll('"', '""')}"`;
			const rows = [columns.map(([name]) => name)].concat(
				entries.map(([id, device]) => columns.map(([, cell]) => quoted(cell(id, device)))),
			);
			const text = rows.map((cells) => `${cells.join(separator)}\r\n`).join("");
			assertRead(separator === "\t" ? "plant.tsv" : "plant.csv", text, entries, encoding);
		}),
		{ numRuns: 300 },
	);
});

test("devices written as JSON are read by id and as a list, indented or not", () => {
	fc.assert(
		fc.property(fleet, fc.constantFrom(undefined, 2, "\t"), encoding, (entries, indent, encoding) => {
			const byId = JSON.stringify(Object.fromEntries(entries), null, indent);
			assertRead("plant.json", byId, entries, encoding);
			assertRead("plant.json", JSON.stringify(lists(entries, "deviceId"), null, indent), entries, encoding);
		}),
		{ numRuns: 300 },
	);
});

test("devices written as NDJSON are read", () => {
	fc.assert(
		fc.property(fleet, fc.constantFrom("\n", "\r\n"), encoding, (entries, end, encoding) => {
			fc.pre(entries.length > 0);
			const lines = lists(entries, "id").map((device) => JSON.stringify(device) + end);
			assertRead("plant.ndjson", lines.join(""), entries, encoding);
		}),
		{ numRuns: 300 },
	);
});

test("devices written as YAML are read by id and as a list, in block and flow style", () => {
	// In flow style all strings are quoted: otherwise the library writes ":\n!" as invalid YAML.
	const style = fc.constantFrom(
		{ collectionStyle: "block" as const },
		{ collectionStyle: "flow" as const, defaultStringType: "QUOTE_DOUBLE" as const },
	);
	fc.assert(
		fc.property(fleet, style, encoding, (entries, style, encoding) => {
			const options = { ...style, aliasDuplicateObjects: false };
			assertRead("plant.yaml", stringify(Object.fromEntries(entries), options), entries, encoding);
			assertRead("plant.yaml", stringify(lists(entries, "deviceId"), options), entries, encoding);
		}),
		{ numRuns: 300 },
	);
});
