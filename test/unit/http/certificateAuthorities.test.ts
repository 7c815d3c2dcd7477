import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { rootCertificates } from "node:tls";
import { readCertificateAuthorities } from "../../../provider/http/certificateAuthorities.ts";

const VARIABLE = "NODE_EXTRA_CA_CERTS";
let folder = "";
let before: string | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "authorities-"));
	before = process.env[VARIABLE];
	delete process.env[VARIABLE];
	writeFileSync(join(folder, "own.pem"), "OWN");
	writeFileSync(join(folder, "extra.pem"), "EXTRA");
});

afterEach(() => {
	rmSync(folder, { recursive: true });
	if (before === undefined) delete process.env[VARIABLE];
	else process.env[VARIABLE] = before;
});

test("the authorities of the file are trusted in addition to those of Node.js", () =>
	assert.deepEqual(readCertificateAuthorities(join(folder, "own.pem")), [...rootCertificates, "OWN"]));

test("the authorities of NODE_EXTRA_CA_CERTS stay trusted", () => {
	process.env[VARIABLE] = join(folder, "extra.pem");
	assert.deepEqual(readCertificateAuthorities(join(folder, "own.pem")), [
		...rootCertificates,
		"OWN",
		"EXTRA",
	]);
});

test("an unreadable file is an error", () =>
	assert.throws(() => readCertificateAuthorities(join(folder, "missing.pem")), { code: "ENOENT" }));
