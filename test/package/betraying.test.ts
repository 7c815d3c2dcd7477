import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { EXAMPLE_MACHINES, findBetrayals } from "./betraying.ts";
import { describePack, ROOT } from "./pack.ts";

const KEY = Buffer.from("a key of 32 bytes, none shorter!").toString("base64");
const PEM = "-----BEGIN";

/** Texts that reveal something, each with a pattern for the description of it. */
const BETRAYING: readonly [text: string, what: RegExp][] = [
	[`${PEM} PRIVATE KEY-----\nMIIE`, /PEM/],
	[`${PEM} RSA PRIVATE KEY-----\\nMIIE`, /PEM/],
	[`token: "${Buffer.from('{"alg":"RS256"}').toString("base64url")}.eyJh.c2ln"`, /three parts/],
	[`//registry/:_authToken=npm_${"a1".repeat(18)}`, /registry/],
	[`ghp_${"a1".repeat(18)}`, /GitHub/],
	["HostName=h;SharedAccessKeyName=owner;SharedAccessKey=c2hvcnQ=", /connection string/],
	["SharedAccessSignature sr=h&sig=c2lnbmF0dXJl%3D&se=1", /signature/],
	[`"primaryKey": "${KEY}"`, /a key/],
	[`hash: ${"T0H".repeat(100)}`, /a hash/],
	["read from /home/somebody/plant.csv", /folder of a machine/],
	["C:\\Users\\somebody", /folder of a machine/],
	[`"${ROOT}/provider"`, /folder of ours/],
	[`${homedir()}/.npmrc`, /folder of ours/],
	['require("../test/fixtures/hub")', /our tests/],
	['"resolved": "file:../x.tgz"', /taken from/],
	["http://packages.corp.example:4873/undici", /a host: packages\.corp\.example:4873/],
	["https://localhost:1234", /a host/],
];

describe("the published files", () => {
	test("are searched for everything that they must not reveal", () => {
		for (const [text, what] of BETRAYING) assert.match(findBetrayals(`x ${text} y`).join("\n"), what, text);
		for (const text of [
			"SharedAccessKey=<key>",
			"SharedAccessKey=${",
			"test/fixtures",
			"#!/usr/bin/env node",
		])
			assert.deepEqual(findBetrayals(text), []);
	});

	test("contain no secret, and nothing about the machine that built them", async () => {
		const { files } = await describePack();
		let characters = 0;
		const found = files.flatMap(({ path }) => {
			const text = readFileSync(join(ROOT, path), "utf8");
			characters += text.length;
			return findBetrayals(`${path}\n${text}`)
				.filter((betrayal) => !(path === EXAMPLE_MACHINES && betrayal.startsWith("a hash:")))
				.map((betrayal) => `${path}: ${betrayal}`);
		});
		assert.deepEqual(found, []);
		assert.ok(files.length > 300, `${files.length} files`);
		console.log(`${files.length} files (${characters.toLocaleString("en")} characters) were searched.`);
	});
});
