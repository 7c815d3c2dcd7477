import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { opened, without } from "../../../provider/cli/secrets.ts";

const secret = (rest: object): object => ({
	"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
	...rest,
});

describe("properties of an export", () => {
	test("with its secrets in plain are unwrapped, and the secrets' paths and texts remembered", () => {
		const properties = {
			status: "enabled",
			key: secret({ plaintext: '"a key"' }),
			lock: { pin: secret({ plaintext: '{"old":"1234","new":["5678",null,9]}' }), owner: "x" },
			list: ["a", secret({ plaintext: '"b"' })],
		};
		assert.deepEqual(opened(properties), {
			values: {
				status: "enabled",
				key: "a key",
				lock: { pin: { old: "1234", new: ["5678", null, 9] }, owner: "x" },
				list: ["a", "b"],
			},
			secret: ["key", "lock.pin", "list.1"],
			withheld: [],
			texts: ["a key", "1234", "5678", "b"],
		});
	});

	test("with its secrets encrypted lose them, and the paths are remembered", () => {
		const properties = {
			status: "enabled",
			key: secret({ ciphertext: "v1:x" }),
			lock: { pin: secret({ ciphertext: "v1:x" }), owner: "x" },
		};
		assert.deepEqual(opened(properties), {
			values: { status: "enabled", lock: { owner: "x" } },
			secret: [],
			withheld: ["key", "lock.pin"],
			texts: [],
		});
	});

	test("with a secret that is no JSON count it as encrypted, and repeat nothing of it", () => {
		assert.deepEqual(opened({ key: secret({ plaintext: "torn" }) }).withheld, ["key"]);
	});

	test("with a secret within a secret take both out of their wrapping", () => {
		const inner = JSON.stringify({ pin: secret({ plaintext: '"1234"' }) });
		assert.deepEqual(opened({ lock: secret({ plaintext: inner }) }).values, { lock: { pin: "1234" } });
	});

	test("leave other marked values as they are", () => {
		const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };
		assert.deepEqual(opened({ asset }), { values: { asset }, secret: [], withheld: [], texts: [] });
	});
});

test("texts lose the secrets in them, the longest first, and what is too short to be one stays", () => {
	const clean = without(["abcd", "abcdefgh", "on"]);
	assert.equal(clean("x abcdefgh abcd on"), "x [secret] [secret] on");
});
