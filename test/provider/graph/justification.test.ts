import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeJustification } from "../../../provider/graph/justification.ts";

const KEY = "autopilot:approvalJustification";
const header = (text: string): string => encodeJustification(KEY, text);

test("a justification goes out in Base64, as the service's page has it", () => {
	assert.equal(header("app only test"), "YXBwIG9ubHkgdGVzdA==");
});

test("a justification may be in any language, and the blanks around it are left out", () => {
	const text = "Neue Geräte für Łódź – 新しい端末";
	assert.equal(Buffer.from(header(`  ${text}\n`), "base64").toString("utf8"), text);
	assert.match(header(text), /^[A-Za-z0-9+/]+=*$/);
});

for (const [title, text] of [
	["a line break", "one\ntwo"],
	["a carriage return with a header after it", "one\r\nx-forged: yes"],
	["a null character", "one\u0000two"],
	["a control character beyond ASCII", "one\u0085two"],
] as const) {
	test(`${title} is refused`, () => {
		assert.throws(() => header(text), {
			key: KEY,
			message: `${KEY} has a line break or another control character; write it on one line`,
		});
	});
}

test("a blank justification is refused", () => {
	assert.throws(() => header(" \n"), {
		key: KEY,
		message: `${KEY} is blank; say in a few words why the change is made, or remove it`,
	});
});

test("a justification of 1024 characters goes out, a longer one is refused", () => {
	assert.equal(Buffer.from(header("é".repeat(1024)), "base64").toString("utf8").length, 1024);
	assert.throws(() => header("é".repeat(1025)), {
		key: KEY,
		message: `${KEY} has 1025 characters; Intune takes 1024 at most, so shorten it`,
	});
});
