import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSecretRedactor, unwrapSecrets } from "../../../provider/cli/stateSecrets.ts";

const createSecret = (rest: object): object => ({
	"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
	...rest,
});

describe("properties of an export", () => {
	test("with plain secrets are unwrapped, and the secrets' paths and texts are returned", () => {
		const properties = {
			status: "enabled",
			key: createSecret({ plaintext: '"a key"' }),
			lock: { pin: createSecret({ plaintext: '{"old":"1234","new":["5678",null,9]}' }), owner: "x" },
			list: ["a", createSecret({ plaintext: '"b"' })],
		};
		assert.deepEqual(unwrapSecrets(properties), {
			values: {
				status: "enabled",
				key: "a key",
				lock: { pin: { old: "1234", new: ["5678", null, 9] }, owner: "x" },
				list: ["a", "b"],
			},
			secretPaths: ["key", "lock.pin", "list.1"],
			encryptedPaths: [],
			secretTexts: ["a key", "1234", "5678", "b"],
		});
	});

	test("with encrypted secrets lose them, and their paths are returned", () => {
		const properties = {
			status: "enabled",
			key: createSecret({ ciphertext: "v1:x" }),
			lock: { pin: createSecret({ ciphertext: "v1:x" }), owner: "x" },
		};
		assert.deepEqual(unwrapSecrets(properties), {
			values: { status: "enabled", lock: { owner: "x" } },
			secretPaths: [],
			encryptedPaths: ["key", "lock.pin"],
			secretTexts: [],
		});
	});

	test("with a secret that is not JSON count it as encrypted and do not repeat it", () => {
		assert.deepEqual(unwrapSecrets({ key: createSecret({ plaintext: "torn" }) }).encryptedPaths, ["key"]);
	});

	test("with a secret inside a secret unwrap both", () => {
		const inner = JSON.stringify({ pin: createSecret({ plaintext: '"1234"' }) });
		assert.deepEqual(unwrapSecrets({ lock: createSecret({ plaintext: inner }) }).values, {
			lock: { pin: "1234" },
		});
	});

	test("with other signatures are unchanged", () => {
		const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };
		assert.deepEqual(unwrapSecrets({ asset }), {
			values: { asset },
			secretPaths: [],
			encryptedPaths: [],
			secretTexts: [],
		});
	});
});

test("redaction removes secrets from a text, the longest first, and ignores very short ones", () => {
	const clean = createSecretRedactor(["abcd", "abcdefgh", "on"]);
	assert.equal(clean("x abcdefgh abcd on"), "x [secret] [secret] on");
});
