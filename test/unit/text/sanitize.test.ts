import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPrintable, redactSecrets, toPrintable, toPrintableJson } from "../../../provider/text/sanitize.ts";

const key32 = fc
	.uint8Array({ minLength: 32, maxLength: 32 })
	.map((bytes) => Buffer.from(bytes).toString("base64"));
const key64 = fc
	.uint8Array({ minLength: 64, maxLength: 64 })
	.map((bytes) => Buffer.from(bytes).toString("base64"));
const anyKey = fc
	.uint8Array({ minLength: 16, maxLength: 64 })
	.map((bytes) => Buffer.from(bytes).toString("base64"));
const token = fc.stringMatching(/^[A-Za-z0-9_\-.]{20,200}$/);

test("a key of 32 or 64 bytes is removed at any position", () => {
	const around = fc.constantFrom(" ", '"', "'", "(", ")", ":", ";", ",", ".", "\n", "");
	fc.assert(
		fc.property(fc.oneof(key32, key64), around, around, (key, before, after) => {
			assert.ok(!redactSecrets(`the key is${before}${key}${after}`).includes(key));
		}),
	);
});

test("a key of any length is removed after its name", () => {
	const named = fc.constantFrom<(key: string) => string>(
		(key) => `HostName=h;SharedAccessKeyName=owner;SharedAccessKey=${key};x=1`,
		(key) => `{"primaryKey":"${key}"}`,
		(key) => `{"secondaryKey" : "${key}"}`,
		(key) => `{"auth":{"symKey":{"primary":"${key}","secondary":"${key}"}}}`,
		(key) => `SharedAccessSignature sr=h&sig=${encodeURIComponent(key)}&se=1&skn=owner`,
		(key) =>
			`HostName=h;SharedAccessSignature=SharedAccessSignature sr=h&sig=${encodeURIComponent(key)}&se=1`,
	);
	fc.assert(
		fc.property(anyKey, named, (key, text) => {
			const clean = redactSecrets(text(key));
			assert.ok(!clean.includes(key) && !clean.includes(encodeURIComponent(key)), clean);
		}),
	);
});

test("a token or a client secret is removed", () => {
	const named = fc.constantFrom<(secret: string) => string>(
		(secret) => `Authorization: Bearer ${secret}`,
		(secret) => `grant_type=x&client_secret=${secret}&scope=y`,
		(secret) => `client_assertion=${secret}`,
		(secret) => `{"access_token":"${secret}"}`,
		(secret) => `{"client_secret": "${secret}"}`,
		(secret) => `{"accessToken": "${secret}", "expires_on": 1}`,
		(secret) => `{'token_type': 'Bearer', 'refresh_token': '${secret}'}`,
		(secret) => `grant_type=refresh_token&refresh_token=${secret}`,
		(secret) => JSON.stringify({ message: JSON.stringify({ access_token: secret, scope: "y" }) }),
		(secret) => JSON.stringify({ message: JSON.stringify({ m: JSON.stringify({ idToken: secret }) }) }),
	);
	fc.assert(
		fc.property(token, named, (secret, text) => assert.ok(!redactSecrets(text(secret)).includes(secret))),
	);
});

test("a token of three parts is removed at any position", () => {
	const part = (text: string): string => Buffer.from(text).toString("base64url");
	const jwt = `${part('{"alg":"none"}')}.${part('{"aud":"x"}')}.`;
	for (const end of ["", "signature"])
		assert.equal(redactSecrets(`Invalid token: '${jwt}${end}'`), "Invalid token: '[secret]'");
});

test("a secret that contains quotes is removed completely", () => {
	const secret = `one"two'three`;
	assert.equal(
		redactSecrets(JSON.stringify({ client_secret: secret, state: "x" })),
		'{"client_secret":"[secret]","state":"x"}',
	);
});

test("an opaque token is removed", () => {
	const token = `1.AX${"oA-b_c~d.9".repeat(30)}`;
	assert.equal(
		redactSecrets(`the token ${token}, which has expired`),
		"the token [secret], which has expired",
	);
});

test("a private key is removed, whole or cut off", () => {
	const lines = Array.from({ length: 4 }, (_, index) => `MIIE${index}/`.padEnd(64, "q+"));
	for (const kind of ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY"])
		for (const end of [`-----END ${kind}-----`, ""])
			for (const lineEnd of ["\n", "\\n"]) {
				const pem = [`-----BEGIN ${kind}-----`, ...lines, end].join(lineEnd);
				assert.equal(redactSecrets(`in ${pem}`), "in [secret]");
			}
});

test("a token at which JSON is cut off is removed completely", () => {
	for (const text of ['{"accessToken": eyJhbGciOiJ.eyJzdWIiOiJ.c2lnbmF0}', "eyJhbGciOi"]) {
		const message = messageOf(() => JSON.parse(text));
		assert.match(message, /"(?:\.{3})? is not valid JSON$/);
		assert.match(redactSecrets(message), /^Unexpected .*, "…" is not valid JSON$/);
	}
});

function messageOf(action: () => void): string {
	try {
		action();
	} catch (error) {
		if (error instanceof Error) return error.message;
	}
	return "";
}

test("etags, ids and messages of a service stay readable", () => {
	const text = `ErrorCode:PreconditionFailed;Device version did not match, existingVersion:343060357, etag "MzQzMDYwMzU3"`;
	assert.equal(redactSecrets(text), text);
});

test("a long text is shortened", () => {
	assert.equal(redactSecrets("x ".repeat(300)), `${"x ".repeat(250)}…`);
	assert.equal(redactSecrets("abcdef", 3), "abc…");
});

test("terminal control characters are removed", () => {
	assert.equal(redactSecrets("a\u001b[2J\u009b31m\r\nb\u202ec\u2028d\0"), "a [2J 31m \nb c d ");
});

test("only the beginning of a very long text is scanned, and no part of a secret remains at its end", () => {
	const hash = "T0H".repeat(10_000);
	assert.equal(redactSecrets(`${"x ".repeat(100)}${hash}`, 300), `${"x ".repeat(100)}…`);
	assert.equal(redactSecrets("a".repeat(5_000_000)), "…");
});

const OBEYED = /(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

test("terminal control characters are replaced, except line breaks", () => {
	assert.equal(toPrintable("a\u001b[2J\u009b\n\tb\u202e"), "a [2J \n\tb ");
});

test("a text is printable if nothing is removed from it and UTF-8 can encode it", () => {
	for (const text of ["", "a\n\tb", "ä😀", "in service"]) assert.ok(isPrintable(text), text);
	for (const text of ["\u001b[2J", "a\0", "\u009b", "\u202e", "\ud83d", "\ude00a"])
		assert.ok(!isPrintable(text));
});

test("terminal control characters are escaped in JSON, so that parsing returns the same value", () => {
	const part = fc.constantFrom(
		"\u001b[2J",
		"\u009b",
		"\u007f",
		"\u202e",
		"\u2066",
		"\u2028",
		"\n",
		"\\",
		'"',
		"ä",
		"😀",
	);
	fc.assert(
		fc.property(
			fc.dictionary(fc.string(), fc.array(part)),
			fc.constantFrom(undefined, "\t", 2),
			(value, indent) => {
				const json = toPrintableJson(value, indent);
				assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)));
				assert.doesNotMatch(json, OBEYED);
			},
		),
	);
	assert.equal(toPrintableJson(["\u009b"]), '["\\u009b"]');
});
