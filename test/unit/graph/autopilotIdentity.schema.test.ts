import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import type { AutopilotInputs } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { AUTOPILOT_IDENTITY_SCHEMA } from "../../../provider/graph/autopilotIdentity.schema.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { HASH } from "./machines.ts";

/** Returns what is wrong with the value of a field, in one string; empty if nothing is. */
function findFieldFault(name: keyof AutopilotInputs, value: unknown): string {
	const faults = AUTOPILOT_IDENTITY_SCHEMA[name].validate(value, name);
	assert.ok(faults.every(({ property }) => property === name));
	return faults.map(({ reason }) => reason).join(" ");
}

const NAMES = Object.keys(AUTOPILOT_IDENTITY_SCHEMA) as (keyof AutopilotInputs)[];

describe("every field", () => {
	test("accepts an unknown value", () => {
		for (const name of NAMES) assert.equal(findFieldFault(name, unknownValue), "", name);
	});

	test("refuses a list", () => {
		for (const name of NAMES)
			assert.match(findFieldFault(name, []), new RegExp(`^${name} must be .*, got a list`), name);
	});
});

describe("a serial number", () => {
	test("accepts any value of the firmware", () => {
		for (const serial of ["5CG1234ABC", " 5CG 12-34 ", "Default string", "0", "Прибор 7"]) {
			assert.equal(findFieldFault("serialNumber", serial), "", serial);
		}
	});

	test("must not be empty or blank", () => {
		assert.equal(
			findFieldFault("serialNumber", ""),
			"serialNumber is empty; declare the machine's serial number.",
		);
		assert.equal(
			findFieldFault("serialNumber", "  "),
			"serialNumber is blank; declare the machine's serial number.",
		);
	});

	test("must not contain control characters", () => {
		for (const [serial, codePoint] of [
			["5CG\u0000", "U+0000"],
			["5CG\t1", "U+0009"],
			["5CG\r\n", "U+000D"],
			["5CG\u007f", "U+007F"],
			["5CG\u0085", "U+0085"],
		] as const) {
			assert.equal(
				findFieldFault("serialNumber", serial),
				`serialNumber contains a control character (${codePoint}); declare it as the firmware reports it.`,
			);
		}
	});
});

test("hardwareIdentifier must be a hardware hash", () => {
	assert.equal(findFieldFault("hardwareIdentifier", HASH), "");
	assert.match(
		findFieldFault("hardwareIdentifier", HASH.slice(1)),
		/^hardwareIdentifier is base64 but not a/,
	);
	assert.match(findFieldFault("hardwareIdentifier", HASH.slice(0, 3_000)), /^hardwareIdentifier .* was cut/);
});

test("hardwareIdentifier with and without its padding is the same hash", () => {
	const padded = generateHardwareHash("a", { size: 2_999 });
	const unpadded = padded.replace(/=+$/, "");
	assert.notEqual(padded, unpadded);
	assert.equal(findFieldFault("hardwareIdentifier", unpadded), "");
	const { splitValue } = AUTOPILOT_IDENTITY_SCHEMA.hardwareIdentifier;
	assert.deepEqual(splitValue?.(unpadded, "h"), splitValue?.(padded, "h"));
});

describe("a group tag", () => {
	test("has at most 2048 characters", () => {
		assert.equal(findFieldFault("groupTag", "x".repeat(2048)), "");
		assert.equal(
			findFieldFault("groupTag", "x".repeat(2049)),
			"groupTag has 2049 characters, but Intune stores at most 2048; shorten it.",
		);
	});

	test("can be empty, and must not contain control characters", () => {
		assert.equal(findFieldFault("groupTag", ""), "");
		assert.match(
			findFieldFault("groupTag", "Kiosk\n"),
			/^groupTag contains a control character \(U\+000A\); use only printable characters\.$/,
		);
	});
});

describe("a display name", () => {
	test("must be a valid computer name, or empty", () => {
		for (const name of ["", "k", "KIOSK-1", "1-2", "a".repeat(15)])
			assert.equal(findFieldFault("displayName", name), "", name);
	});

	for (const [name, said] of [
		["a".repeat(16), /^displayName "a{16}" has 16 characters; a computer name can have at most 15\.$/],
		[
			"12345",
			/^displayName "12345" has only digits; a computer name must also contain a letter or a hyphen\.$/,
		],
		["1".repeat(16), /has 16 characters/],
		[
			"kiosk 1",
			/^displayName "kiosk 1" contains characters that a computer name cannot have; use letters, digits/,
		],
		["küche", /contains characters that/],
		["kiosk\n", /contains characters that/],
		["k_1", /contains characters that/],
	] as const) {
		test(`${JSON.stringify(name)} is refused`, () => {
			assert.match(findFieldFault("displayName", name), said);
		});
	}
});

describe("a user", () => {
	test("must be a user principal name, or empty", () => {
		for (const user of [
			"",
			"ada@contoso.com",
			"o'neil.a@sub.contoso.co.uk",
			"ada#ext#@contoso.onmicrosoft.com",
		]) {
			assert.equal(findFieldFault("assignedUserPrincipalName", user), "", user);
		}
	});

	test("in another format is refused, with an example of the format", () => {
		for (const user of [
			"ada",
			"ada@",
			"@contoso.com",
			"ada@contoso",
			"ada@contoso.",
			"a da@contoso.com",
			"a@b@c.de",
		]) {
			assert.equal(
				findFieldFault("assignedUserPrincipalName", user),
				`assignedUserPrincipalName ${JSON.stringify(user)} is not a user principal name; use a form like ada@contoso.com, with a ` +
					"domain of the tenant.",
			);
		}
	});

	test("is case-insensitive", () => {
		const facets = AUTOPILOT_IDENTITY_SCHEMA.assignedUserPrincipalName.splitValue;
		assert.deepEqual(facets?.("Ada@Contoso.COM", "u"), facets?.("ada@contoso.com", "u"));
	});
});

describe("an import id", () => {
	test("can be a GUID", () => {
		assert.equal(findFieldFault("importId", "6A1FC7A2-31d5-4e5b-8f1c-0f4bd2a9c001"), "");
	});

	test("that is not a GUID is refused", () => {
		for (const id of [
			"",
			"kiosk-1",
			"6a1fc7a231d54e5b8f1c0f4bd2a9c001",
			"{6a1fc7a2-31d5-4e5b-8f1c-0f4bd2a9c001}",
		]) {
			assert.match(
				findFieldFault("importId", id),
				/^importId ".*" is not a GUID; if you omit it, one is derived from/,
			);
		}
	});
});

test("provider options accept only their documented values", () => {
	assert.equal(
		findFieldFault("adopt", false) +
			findFieldFault("onDrift", "fail") +
			findFieldFault("onDrift", "reconcile"),
		"",
	);
	assert.match(findFieldFault("adopt", "true"), /^adopt must be true or false, got "true"\.$/);
	assert.match(findFieldFault("onDrift", "Fail"), /did you mean "fail"\?/);
});

test("properties that identify a machine are stored as fingerprints only", () => {
	for (const name of ["serialNumber", "hardwareIdentifier", "productKey"] as const) {
		const { role, writeOnly, splitValue } = AUTOPILOT_IDENTITY_SCHEMA[name];
		assert.deepEqual([role, writeOnly], ["requiresReplace", true]);
		const [facet, ...others] = splitValue?.(HASH, name) ?? [];
		assert.deepEqual(others, []);
		assert.match(
			facet?.value ?? "",
			name === "hardwareIdentifier" ? /^machine:[0-9a-f]{16}$/ : /^[0-9a-f]{16}$/,
		);
		assert.equal(facet?.secret, true);
		assert.deepEqual(splitValue?.("", name), []);
	}
});
