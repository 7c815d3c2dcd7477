import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { readFleet } from "../../../examples/fleet/readFleet.ts";

const folder = mkdtempSync(join(tmpdir(), "fleet-"));
after(() => rmSync(folder, { recursive: true }));

function read(...lines: readonly string[]) {
	const file = join(folder, "fleet.yaml");
	writeFileSync(file, lines.join("\n"));
	return readFleet(file);
}

/** Returns the errors in a file with these devices from line 3 on, each at column 7. */
function faultsOf(...devices: readonly string[]): string[] {
	try {
		read("sites:", "  Quay:", ...devices.map((device) => `    - ${device}`));
	} catch (error) {
		assert.ok(error instanceof Error);
		return error.message
			.split("\n")
			.slice(1)
			.map((line) => line.trim().replace("fleet.yaml:", ""));
	}
	return [];
}

describe("the fleet's data file", () => {
	it("is part of the example and is read with parents before their children", () => {
		const fleet = readFleet(join(__dirname, "../../../examples/fleet/fleet.yaml"));
		assert.ok(fleet.length >= 24);
		const names = fleet.map(({ name }) => name);
		for (const { name, parent } of fleet) {
			if (parent !== undefined) assert.ok(names.indexOf(parent) < names.indexOf(name), name);
		}
		for (const type of ["sas", "selfSigned", "certificateAuthority"])
			assert.ok(fleet.some(({ authentication }) => authentication === type));
	});

	it("gets defaults for members that an entry leaves out", () => {
		assert.deepEqual(read("sites: { Quay: [ { name: a } ] }"), [
			{
				name: "a",
				id: "a",
				site: "Quay",
				edge: false,
				status: "enabled",
				authentication: "sas",
				keys: "hub",
			},
		]);
	});

	const CASES: readonly [what: string, devices: readonly string[], faults: readonly string[]][] = [
		["a name twice", ["{ name: a }", "{ name: a }"], ['4:15  name "a" is taken already, in line 3']],
		["an id twice", ["{ name: a }", "{ name: b, id: a }"], ['4:22  id "a" is taken already, in line 3']],
		["no name", ["{ id: a }"], ["3:7  name is missing"]],
		[
			"a name that is not a valid id",
			["{ name: a b }"],
			['3:15  name must be 1 to 128 letters, digits and - . % _ * ? ! ( ) , : = @ $ \' ;, not "a b"'],
		],
		["a number as a name", ["{ name: 7 }"], ["3:15  name must be a string; put 7 in quotes"]],
		["an unknown parent", ["{ name: a, parent: b }"], ['3:26  parent "b" is not in this file']],
		[
			"a parent that is not a gateway",
			["{ name: a, parent: b }", "{ name: b }"],
			['3:26  parent "b" is not a gateway; line 4 needs edge: true'],
		],
		[
			"a device that is its own parent",
			["{ name: a, edge: true, parent: a }"],
			["3:38  parent leads back to the device itself: a → a"],
		],
		[
			"a loop of parents, reported once",
			[
				"{ name: leaf, parent: a }",
				"{ name: a, edge: true, parent: b }",
				"{ name: b, edge: true, parent: a }",
			],
			["4:38  parent leads back to the device itself: a → b → a"],
		],
		[
			"an unknown member",
			["{ name: a, staus: enabled }"],
			[
				"3:18  staus is unknown; a device has name, id, edge, parent, status, reason, authentication, keys, thumbprint, nextThumbprint",
			],
		],
		["a bad status", ["{ name: a, status: on }"], ['3:26  status must be enabled or disabled, not "on"']],
		["a bad flag", ["{ name: a, edge: yes }"], ['3:24  edge must be true or false, not "yes"']],
		["no value", ["{ name: a, status: }"], ["3:26  status must be enabled or disabled, not null"]],
		[
			"a reason that is too long",
			[`{ name: a, reason: ${"x".repeat(129)} }`],
			[`3:26  reason must be 1 to 128 characters, not "${"x".repeat(129)}"`],
		],
		[
			"a thumbprint with separators",
			["{ name: a, authentication: selfSigned, thumbprint: 'aa:bb' }"],
			['3:58  thumbprint must be 40 or 64 hexadecimal digits, not "aa:bb"'],
		],
		[
			"disabled without a reason",
			["{ name: a, status: disabled }"],
			["3:26  status disabled needs a reason"],
		],
		[
			"no thumbprint",
			["{ name: a, authentication: selfSigned }"],
			["3:34  authentication selfSigned needs a thumbprint"],
		],
		[
			"an extra thumbprint",
			[`{ name: a, thumbprint: '${"ab".repeat(20)}' }`],
			["3:30  thumbprint can only be used with authentication selfSigned"],
		],
		[
			"keys for a certificate",
			["{ name: a, authentication: certificateAuthority, keys: derived }"],
			["3:62  keys go only with authentication sas"],
		],
		[
			"an entry that is not a device",
			["pump"],
			["3:7  this is not a device; write it like { name: pump-1 }"],
		],
		["a member twice", ["{ name: a, name: b }"], ["3:18  Map keys must be unique"]],
		[
			"everything at once, in the order of the file",
			["{ name: a, colour: red, parent: x }", "{ name: b, status: off }", "{ name: b }"],
			[
				"3:18  colour is unknown; a device has name, id, edge, parent, status, reason, authentication, keys, thumbprint, nextThumbprint",
				'3:39  parent "x" is not in this file',
				'4:26  status must be enabled or disabled, not "off"',
				'5:15  name "b" is taken already, in line 4',
			],
		],
	];
	for (const [what, devices, faults] of CASES) {
		it(`is rejected for ${what}`, () => assert.deepEqual(faultsOf(...devices), faults));
	}

	it("is rejected without sites", () => {
		assert.throws(() => read("# nothing"), /:1:1 {2}`sites:` is missing/);
		assert.throws(() => read("sites:", "  Quay: pump"), /:2:3 {2}a site must be a list/);
		assert.throws(() => read("sites: {}", "owner: me"), /:2:1 {2}owner is unknown/);
	});

	it("is rejected if it does not exist", () => {
		assert.throws(() => readFleet(join(folder, "none.yaml")), /can't be read: ENOENT.*none\.yaml/);
	});

	it("is rejected if it is not YAML", () => {
		assert.throws(() => read("sites:", "  - [a"), /\n {2}fleet\.yaml:2:/);
	});

	it("is rejected with the number of its errors", () => {
		assert.throws(() => read("sites: { Quay: [ {}, {} ] }"), /has 2 faults; nothing was declared/);
	});
});
