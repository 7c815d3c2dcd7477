import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import fc from "fast-check";
import { DEVICE_IDENTITY_SCHEMA } from "../../../provider/iothub/deviceIdentity.schema.ts";
import { computeFingerprint } from "../../../provider/keys/fingerprint.ts";
import { toFieldValues } from "../../../provider/resource/schema.ts";
import type { Values } from "../../../provider/values.ts";
import { createKey, KEYS, SCOPE, SHA1, SHA256 } from "./devices.ts";

type Name = keyof typeof DEVICE_IDENTITY_SCHEMA;

/** What the property's own rule says of a value: the faults' properties and reasons. */
function faults(name: Name, value: unknown): string[] {
	return DEVICE_IDENTITY_SCHEMA[name].validate(value, name).map(({ property, reason }) => {
		assert.ok(reason.startsWith(property), "a reason begins with its property");
		return reason;
	});
}

const keys = (primaryKey: unknown, secondaryKey: unknown = KEYS.secondaryKey): string[] =>
	faults("authentication", { type: "sas", symmetricKey: { primaryKey, secondaryKey } });
const thumbprint = (primaryThumbprint: unknown): string[] =>
	faults("authentication", { type: "selfSigned", x509Thumbprint: { primaryThumbprint } });

describe("deviceId", () => {
	test("has 1 to 128 of the characters that the hub supports", () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[A-Za-z0-9\-.%_*?!(),:=@$';]{1,128}$/), (id) => {
				fc.pre(id !== "." && id !== "..");
				assert.deepEqual(faults("deviceId", id), []);
			}),
		);
		assert.deepEqual(faults("deviceId", "a".repeat(128)), []);
	});

	test("is refused empty or too long, with its length", () => {
		assert.deepEqual(faults("deviceId", ""), ["deviceId has 0 characters; a device id has 1 to 128."]);
		assert.deepEqual(faults("deviceId", "a".repeat(129)), [
			"deviceId has 129 characters; a device id has 1 to 128.",
		]);
	});

	test("is refused with the first character that it may not have, and the ones that it may", () => {
		for (const character of [" ", "/", "\\", "&", '"', "é", "😀", "\n", "|", "~", "^", "<"]) {
			assert.deepEqual(faults("deviceId", `gw${character}1`), [
				`deviceId "gw${character}1" has the character ${JSON.stringify(character)}, which no device id may have; ` +
					"use letters, digits and - . % _ * ? ! ( ) , : = @ $ ' ;.",
			]);
		}
	});

	test("is refused with + and #, which the hub once supported", () => {
		for (const character of ["+", "#"]) {
			assert.match(
				faults("deviceId", `a${character}`).join(),
				/which IoT Hub no longer supports in ids; use letters/,
			);
		}
	});

	test("is refused as . and .., which no URL can address", () => {
		assert.match(faults("deviceId", ".").join(), /^deviceId "\." can't be addressed: .*; use another id\.$/);
		assert.match(faults("deviceId", "..").join(), /can't be addressed/);
		assert.deepEqual(faults("deviceId", "..."), []);
	});
});

describe("hubHostName", () => {
	test("is a bare host name", () => {
		assert.deepEqual(faults("hubHostName", "my-hub.azure-devices.net"), []);
		assert.deepEqual(faults("hubHostName", "https://h.example/"), [
			'hubHostName "https://h.example/" is no host name; write it like my-hub.azure-devices.net, without https:// and ' +
				"without a path.",
		]);
	});
});

describe("status and policies", () => {
	test("take the service's own words", () => {
		assert.deepEqual(faults("status", "enabled"), []);
		assert.deepEqual(faults("status", "Enabled"), [
			'status is "Enabled"; it takes "enabled" or "disabled" (did you mean "enabled"?).',
		]);
		assert.deepEqual(faults("onDrift", "warn"), ['onDrift is "warn"; it takes "reconcile" or "fail".']);
		assert.deepEqual(faults("adopt", "yes"), ['adopt is "yes"; it takes true or false.']);
		assert.deepEqual(faults("storeCredentials", 0), ["storeCredentials is 0; it takes true or false."]);
	});
});

test("statusReason has 128 characters at most", () => {
	assert.deepEqual(faults("statusReason", "é".repeat(128)), []);
	assert.deepEqual(faults("statusReason", "x".repeat(129)), [
		"statusReason has 129 characters; the hub keeps at most 128, shorten it.",
	]);
});

describe("a key", () => {
	test("is base64 of 16 to 64 bytes", () => {
		for (let bytes = 16; bytes <= 64; bytes++) {
			assert.deepEqual(keys(Buffer.alloc(bytes, 7).toString("base64")), []);
		}
	});

	test("of another length is refused with its length", () => {
		for (const bytes of [0, 15, 65]) {
			assert.deepEqual(keys(Buffer.alloc(bytes, 7).toString("base64")), [
				`authentication.symmetricKey.primaryKey holds ${bytes} bytes; a key has 16 to 64 (\`openssl rand -base64 32\`).`,
			]);
		}
	});

	test("that is no base64 is refused with the way to make one", () => {
		for (const text of [
			"not base64!",
			createKey(1).replace("=", ""),
			`${createKey(1)}=`,
			` ${createKey(1)}`,
			"_-".repeat(22),
		]) {
			assert.match(
				keys(text).join(),
				/primaryKey is no base64 text; make a key with `openssl rand -base64 32`, or leave/,
			);
		}
	});

	test("is never repeated, whatever is wrong with it", () => {
		fc.assert(
			fc.property(fc.string({ minLength: 8 }), (key) => {
				assert.ok(!keys(key, key).join().includes(key));
			}),
		);
	});
});

describe("a thumbprint", () => {
	test("has 40 or 64 hexadecimal digits in any case", () => {
		assert.deepEqual([SHA1, SHA256, SHA1.toLowerCase()].flatMap(thumbprint), []);
	});

	test("with separators is refused, and written without them", () => {
		const separated = SHA1.replace(/(..)(?!$)/g, "$1:");
		assert.deepEqual(thumbprint(separated), [
			`authentication.x509Thumbprint.primaryThumbprint "${separated}" has separators, which the hub refuses; write "${SHA1}".`,
		]);
	});

	test("of another length or alphabet is refused with what it takes", () => {
		for (const text of ["", "ab", `${SHA1}00`, "z".repeat(40)]) {
			assert.deepEqual(thumbprint(text), [
				`authentication.x509Thumbprint.primaryThumbprint "${text}" is no thumbprint: it takes 40 (SHA-1) or 64 (SHA-256) ` +
					`hexadecimal digits, and has ${text.length} characters.`,
			]);
		}
	});
});

describe("authentication", () => {
	test("has no other members and no other types", () => {
		assert.deepEqual(faults("authentication", { type: "none", keys: {} }), [
			'authentication.type is "none"; it takes "sas" or "selfSigned" or "certificateAuthority".',
			"authentication.keys does not exist; authentication has type, symmetricKey, derivedFrom, rotation, x509Thumbprint.",
		]);
	});
});

describe("scopes", () => {
	test("are outputs of a gateway, or empty", () => {
		assert.deepEqual(faults("deviceScope", SCOPE), []);
		assert.deepEqual(faults("deviceScope", ""), []);
		assert.deepEqual(faults("deviceScope", "gw-1"), [
			'deviceScope "gw-1" is no scope; take the `deviceScope` output of the gateway, not its id.',
		]);
		assert.match(faults("parentScopes", ["gw-1"]).join(), /^parentScopes\[0\] "gw-1" is no scope/);
	});

	test("of parents are one at most", () => {
		assert.deepEqual(faults("parentScopes", []), []);
		assert.deepEqual(faults("parentScopes", [SCOPE, SCOPE]), [
			"parentScopes has 2 items; it takes at most 1.",
		]);
		assert.deepEqual(faults("parentScopes", SCOPE), [`parentScopes is "${SCOPE}"; it takes a list.`]);
	});
});

test("unknown values are left to the next check, at every depth", () => {
	for (const name of Object.keys(DEVICE_IDENTITY_SCHEMA) as Name[])
		assert.deepEqual(faults(name, unknownValue), []);
	const unknownKeys = { primaryKey: unknownValue, secondaryKey: unknownValue };
	assert.deepEqual(faults("authentication", { type: unknownValue, symmetricKey: unknownValue }), []);
	assert.deepEqual(faults("authentication", { symmetricKey: unknownKeys, x509Thumbprint: unknownValue }), []);
	assert.deepEqual(faults("capabilities", { iotEdge: unknownValue }), []);
	assert.deepEqual(faults("parentScopes", [unknownValue]), []);
});

describe("two declarations are equal as the service sees them", () => {
	const seen = (values: Values): object =>
		Object.fromEntries(
			[...toFieldValues(DEVICE_IDENTITY_SCHEMA, values)].map(([path, { value }]) => [path, value]),
		);

	test("whatever the case of thumbprints", () => {
		const of = (primaryThumbprint: string) => ({ authentication: { x509Thumbprint: { primaryThumbprint } } });
		assert.deepEqual(seen(of(SHA1)), seen(of(SHA1.toLowerCase())));
	});

	test("but not whatever the case of a key", () => {
		const of = (primaryKey: string) => ({ authentication: { symmetricKey: { primaryKey } } });
		assert.notDeepEqual(seen(of(createKey(1))), seen(of(createKey(1).toLowerCase())));
	});

	test("and keys are seen by their fingerprint only", () => {
		const facets = [
			...toFieldValues(DEVICE_IDENTITY_SCHEMA, { authentication: { symmetricKey: KEYS } }).values(),
		];
		assert.deepEqual(facets, [
			{
				path: "authentication.symmetricKey.primaryKey",
				value: computeFingerprint(KEYS.primaryKey),
				secret: true,
			},
			{
				path: "authentication.symmetricKey.secondaryKey",
				value: computeFingerprint(KEYS.secondaryKey),
				secret: true,
			},
		]);
		assert.match(computeFingerprint(KEYS.primaryKey), /^[0-9a-f]{16}$/);
	});

	test("and an unknown key stays unknown", () => {
		assert.deepEqual(seen({ authentication: { symmetricKey: { primaryKey: unknownValue } } }), {
			"authentication.symmetricKey.primaryKey": unknownValue,
		});
		assert.deepEqual(seen({ authentication: { symmetricKey: unknownValue } }), {
			"authentication.symmetricKey": unknownValue,
		});
	});

	test("and no gateway is the same as nothing", () => {
		assert.deepEqual(seen({ capabilities: { iotEdge: false } }), { "capabilities.iotEdge": "" });
		assert.deepEqual(seen({ capabilities: { iotEdge: true } }), { "capabilities.iotEdge": "true" });
		assert.deepEqual(seen({ capabilities: { iotEdge: unknownValue } }), {
			"capabilities.iotEdge": unknownValue,
		});
	});

	test("and a list with an unknown scope is unknown", () => {
		assert.deepEqual(seen({ parentScopes: [unknownValue] }), { parentScopes: unknownValue });
		assert.deepEqual(seen({ parentScopes: [SCOPE] }), { parentScopes: SCOPE });
		assert.deepEqual(seen({ parentScopes: [] }), { parentScopes: "" });
	});
});
