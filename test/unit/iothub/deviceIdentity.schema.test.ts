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

/** Returns the reasons of the property's own rule for a value. */
function findReasons(name: Name, value: unknown): string[] {
	return DEVICE_IDENTITY_SCHEMA[name].validate(value, name).map(({ property, reason }) => {
		assert.ok(reason.startsWith(property), "a reason begins with its property");
		return reason;
	});
}

const keys = (primaryKey: unknown, secondaryKey: unknown = KEYS.secondaryKey): string[] =>
	findReasons("authentication", { type: "sas", symmetricKey: { primaryKey, secondaryKey } });
const thumbprint = (primaryThumbprint: unknown): string[] =>
	findReasons("authentication", { type: "selfSigned", x509Thumbprint: { primaryThumbprint } });

describe("deviceId", () => {
	test("can have 1 to 128 of the characters that the hub supports", () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[A-Za-z0-9\-.%_*?!(),:=@$';]{1,128}$/), (id) => {
				fc.pre(id !== "." && id !== "..");
				assert.deepEqual(findReasons("deviceId", id), []);
			}),
		);
		assert.deepEqual(findReasons("deviceId", "a".repeat(128)), []);
	});

	test("is refused if empty or too long, with its length", () => {
		assert.deepEqual(findReasons("deviceId", ""), [
			"deviceId has 0 characters; a device id must have 1 to 128.",
		]);
		assert.deepEqual(findReasons("deviceId", "a".repeat(129)), [
			"deviceId has 129 characters; a device id must have 1 to 128.",
		]);
	});

	test("is refused with the first illegal character, and the legal ones", () => {
		for (const character of [" ", "/", "\\", "&", '"', "é", "😀", "|", "~", "^", "<"]) {
			assert.deepEqual(findReasons("deviceId", `gw${character}1`), [
				`deviceId ${JSON.stringify(`gw${character}1`)} contains the character ${JSON.stringify(character)}, which device ids cannot contain; ` +
					"use letters, digits and - . % _ * ? ! ( ) , : = @ $ ' ;.",
			]);
		}
	});

	test("is refused with the code point of a character that cannot be seen", () => {
		for (const [character, codePoint] of [
			["\n", "U+000A"],
			["\u200B", "U+200B"],
			["\u00A0", "U+00A0"],
		] as const) {
			const reasons = findReasons("deviceId", `gw${character}1`).join();
			assert.ok(
				reasons.includes(
					`contains the invisible character ${codePoint}, which device ids cannot contain; use`,
				),
				reasons,
			);
		}
	});

	test("is refused with + and #, which the hub once supported", () => {
		for (const character of ["+", "#"]) {
			assert.match(
				findReasons("deviceId", `a${character}`).join(),
				/which IoT Hub no longer supports in ids; use letters/,
			);
		}
	});

	test("is refused if it is . or .., which no URL can address", () => {
		assert.match(
			findReasons("deviceId", ".").join(),
			/^deviceId "\." cannot be addressed, because .*; use another id\.$/,
		);
		assert.match(findReasons("deviceId", "..").join(), /cannot be addressed/);
		assert.deepEqual(findReasons("deviceId", "..."), []);
	});
});

describe("hubHostName", () => {
	test("must be a host name without scheme and path", () => {
		assert.deepEqual(findReasons("hubHostName", "my-hub.azure-devices.net"), []);
		assert.deepEqual(findReasons("hubHostName", "https://h.example/"), [
			'hubHostName "https://h.example/" is not a host name; write it like my-hub.azure-devices.net, without https:// and ' +
				"without a path.",
		]);
	});
});

describe("status and policies", () => {
	test("must be one of their values", () => {
		assert.deepEqual(findReasons("status", "enabled"), []);
		assert.deepEqual(findReasons("status", "Enabled"), [
			'status must be "enabled" or "disabled", got "Enabled" (did you mean "enabled"?).',
		]);
		assert.deepEqual(findReasons("onDrift", "warn"), ['onDrift must be "reconcile" or "fail", got "warn".']);
		assert.deepEqual(findReasons("adopt", "yes"), ['adopt must be true or false, got "yes".']);
		assert.deepEqual(findReasons("storeCredentials", 0), ["storeCredentials must be true or false, got 0."]);
	});
});

test("statusReason has 128 characters at most", () => {
	assert.deepEqual(findReasons("statusReason", "é".repeat(128)), []);
	assert.deepEqual(findReasons("statusReason", "x".repeat(129)), [
		"statusReason has 129 characters; the hub stores at most 128, so shorten it.",
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
				`authentication.symmetricKey.primaryKey holds ${bytes} bytes; a key must have 16 to 64 (\`openssl rand -base64 32\`).`,
			]);
		}
	});

	test("that is not base64 is refused with a command that generates one", () => {
		for (const text of [
			"not base64!",
			createKey(1).replace("=", ""),
			`${createKey(1)}=`,
			` ${createKey(1)}`,
			"_-".repeat(22),
		]) {
			assert.match(
				keys(text).join(),
				/primaryKey is not valid base64; create a key with `openssl rand -base64 32`, or leave/,
			);
		}
	});

	test("is never repeated in a message", () => {
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

	test("with separators is refused, and the message shows it without them", () => {
		const separated = SHA1.replace(/(..)(?!$)/g, "$1:");
		assert.deepEqual(thumbprint(separated), [
			`authentication.x509Thumbprint.primaryThumbprint "${separated}" has separators, which the hub refuses; write "${SHA1}".`,
		]);
	});

	test("as openssl prints it is refused with the digits alone", () => {
		const printed = `sha1 Fingerprint=${SHA1.replace(/(..)(?!$)/g, "$1:")}`;
		assert.match(
			thumbprint(printed).join(),
			new RegExp(`has separators, which the hub refuses; write "${SHA1}"`),
		);
	});

	test("with a character that cannot be seen is refused with its code point", () => {
		assert.deepEqual(thumbprint(`\u200E${SHA1}`), [
			"authentication.x509Thumbprint.primaryThumbprint contains the invisible character U+200E, as a thumbprint that is copied from a " +
				"dialog of Windows does; type the digits anew.",
		]);
	});

	test("of another length or alphabet is refused with the allowed lengths", () => {
		for (const text of ["", "ab", `${SHA1}00`, "z".repeat(40)]) {
			assert.deepEqual(thumbprint(text), [
				`authentication.x509Thumbprint.primaryThumbprint "${text}" is not a thumbprint: it must be 40 (SHA-1) or 64 (SHA-256) ` +
					`hexadecimal digits, and has ${text.length} characters.`,
			]);
		}
	});
});

describe("authentication", () => {
	test("with another member or another type is refused", () => {
		assert.deepEqual(findReasons("authentication", { type: "none", keys: {} }), [
			'authentication.type must be "sas" or "selfSigned" or "certificateAuthority", got "none".',
			"authentication.keys does not exist; authentication has type, symmetricKey, derivedFrom, rotation, x509Thumbprint.",
		]);
	});
});

describe("scopes", () => {
	test("must be outputs of a gateway, or empty", () => {
		assert.deepEqual(findReasons("deviceScope", SCOPE), []);
		assert.deepEqual(findReasons("deviceScope", ""), []);
		assert.deepEqual(findReasons("deviceScope", "gw-1"), [
			'deviceScope "gw-1" is not a scope; use the `deviceScope` output of the gateway, not its id.',
		]);
		assert.match(findReasons("parentScopes", ["gw-1"]).join(), /^parentScopes\[0\] "gw-1" is not a scope/);
	});

	test("of parents can be one at most", () => {
		assert.deepEqual(findReasons("parentScopes", []), []);
		assert.deepEqual(findReasons("parentScopes", [SCOPE, SCOPE]), [
			"parentScopes must have at most 1 item, got 2.",
		]);
		assert.deepEqual(findReasons("parentScopes", SCOPE), [`parentScopes must be a list, got "${SCOPE}".`]);
	});
});

test("unknown values are accepted at every depth", () => {
	for (const name of Object.keys(DEVICE_IDENTITY_SCHEMA) as Name[])
		assert.deepEqual(findReasons(name, unknownValue), []);
	const unknownKeys = { primaryKey: unknownValue, secondaryKey: unknownValue };
	assert.deepEqual(findReasons("authentication", { type: unknownValue, symmetricKey: unknownValue }), []);
	assert.deepEqual(
		findReasons("authentication", { symmetricKey: unknownKeys, x509Thumbprint: unknownValue }),
		[],
	);
	assert.deepEqual(findReasons("capabilities", { iotEdge: unknownValue }), []);
	assert.deepEqual(findReasons("parentScopes", [unknownValue]), []);
});

describe("field values", () => {
	const toValues = (values: Values): object =>
		Object.fromEntries(
			[...toFieldValues(DEVICE_IDENTITY_SCHEMA, values)].map(([path, { value }]) => [path, value]),
		);

	test("ignore the case of thumbprints", () => {
		const of = (primaryThumbprint: string) => ({ authentication: { x509Thumbprint: { primaryThumbprint } } });
		assert.deepEqual(toValues(of(SHA1)), toValues(of(SHA1.toLowerCase())));
	});

	test("depend on the case of keys", () => {
		const of = (primaryKey: string) => ({ authentication: { symmetricKey: { primaryKey } } });
		assert.notDeepEqual(toValues(of(createKey(1))), toValues(of(createKey(1).toLowerCase())));
	});

	test("contain keys only as fingerprints", () => {
		const fieldValues = [
			...toFieldValues(DEVICE_IDENTITY_SCHEMA, { authentication: { symmetricKey: KEYS } }).values(),
		];
		assert.deepEqual(fieldValues, [
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

	test("of an unknown key are unknown", () => {
		assert.deepEqual(toValues({ authentication: { symmetricKey: { primaryKey: unknownValue } } }), {
			"authentication.symmetricKey.primaryKey": unknownValue,
		});
		assert.deepEqual(toValues({ authentication: { symmetricKey: unknownValue } }), {
			"authentication.symmetricKey": unknownValue,
		});
	});

	test("of a device that is not a gateway are empty", () => {
		assert.deepEqual(toValues({ capabilities: { iotEdge: false } }), { "capabilities.iotEdge": "" });
		assert.deepEqual(toValues({ capabilities: { iotEdge: true } }), { "capabilities.iotEdge": "true" });
		assert.deepEqual(toValues({ capabilities: { iotEdge: unknownValue } }), {
			"capabilities.iotEdge": unknownValue,
		});
	});

	test("of a list with an unknown scope are unknown", () => {
		assert.deepEqual(toValues({ parentScopes: [unknownValue] }), { parentScopes: unknownValue });
		assert.deepEqual(toValues({ parentScopes: [SCOPE] }), { parentScopes: SCOPE });
		assert.deepEqual(toValues({ parentScopes: [] }), { parentScopes: "" });
	});
});
