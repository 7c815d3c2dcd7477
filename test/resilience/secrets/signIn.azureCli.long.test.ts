import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createUnsignedToken } from "./credentials.ts";
import { runSignIn } from "./processes.ts";
import { listPieces, Search } from "./search.ts";

const TOKEN = createUnsignedToken(
	'{"typ":"JWT","alg":"RS256"}',
	'{"aud":"a hub","upn":"ada"}',
	"signed by Entra, as it were",
);
/** Unlike the other token it is opaque. */
const REFRESH = `1.AX${"oA-b_C7d~9".repeat(110)}`;

const ANSWER = { accessToken: TOKEN, expires_on: 4_102_444_800, refreshToken: REFRESH };

/** An `az`: what it prints, and its exit code. */
interface Az {
	readonly out?: string;
	readonly err?: string;
	readonly code: number;
	/** The expected message. */
	readonly said: RegExp;
}

const GOOD: Az = { out: JSON.stringify(ANSWER), code: 0, said: /it succeeded.*azureCli/s };

/** Ways in which `az` fails to return a proper token. */
const BAD: Readonly<Record<string, Az>> = {
	"prints the token on standard error": {
		err: `ERROR: AADSTS70043: The token ${TOKEN} has expired.\nBearer ${TOKEN}`,
		code: 1,
		said: /AADSTS70043: The token \[secret\] has expired/,
	},
	"prints its response on standard error": {
		err: JSON.stringify(ANSWER),
		code: 1,
		said: /"accessToken":"\[secret\]/,
	},
	"prints the variables of a Python traceback": {
		err: `DEBUG: {'token_type': 'Bearer', 'access_token': '${TOKEN}', 'refresh_token': '${REFRESH}'}`,
		code: 1,
		said: /'refresh_token': '\[secret\]'/,
	},
	"prints an opaque token": {
		err: `Invalid: ${REFRESH}`,
		code: 1,
		said: /Invalid: \[secret\]/,
	},
	"prints invalid JSON with a token in it": {
		out: `{"accessToken": ${TOKEN}}`,
		code: 0,
		said: /"…" is not valid JSON/,
	},
	"prints only a token": { out: TOKEN, code: 0, said: /"…" is not valid JSON/ },
	"breaks off within the token": { out: JSON.stringify(ANSWER).slice(0, 40), code: 0, said: /JSON/ },
	"prints no expiry": { out: JSON.stringify({ accessToken: TOKEN }), code: 0, said: /expiresOn/ },
	"asks for a login and prints a token": {
		err: `Please run az login; ${TOKEN} is no more`,
		code: 1,
		said: /Please run 'az login'/,
	},
	"exits without a message": { code: 3, said: /JSON/ },
};

/** Texts must not contain even a part of a token that nobody could guess. */
const SECRETS = [TOKEN, REFRESH, ...listPieces(TOKEN, 8), ...listPieces(REFRESH.slice(0, 30), 10)];

const skip = process.platform === "win32" ? "the az of this test is a shell script" : false;

describe("a sign-in by the Azure CLI prints no token if az", { skip }, () => {
	const search = new Search();
	let folder = "";

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "az-"));
	});

	after(async () => {
		await rm(folder, { recursive: true, force: true });
		console.log(`Sign-in by the Azure CLI: ${search.describe()}`);
	});

	/** Runs a sign-in with that folder as the only place of `az`, and returns its output. */
	async function signInAt(path: string): Promise<string> {
		const printed = await runSignIn({ "iothub:credential": "azureCli", PATH: path });
		search.assertSilent("az", [printed], SECRETS);
		return printed;
	}

	for (const [what, { out = "", err = "", code, said }] of Object.entries({ "returns one": GOOD, ...BAD })) {
		test(what, async () => {
			const words = [quoteForShell(out), quoteForShell(err)] as const;
			await writeFile(
				join(folder, "az"),
				`#!/bin/sh\nprintf %s ${words[0]}\nprintf %s ${words[1]} >&2\nexit ${code}\n`,
			);
			await chmod(join(folder, "az"), 0o755);
			const printed = await signInAt(folder);
			assert.match(printed, said);
			assert.match(printed, /^azure:identity:info AzureCliCredential /m);
			if (code !== 0) assert.match(printed, /sign-in by azureCli failed: .*\[SignInError\]/s);
		});
	}

	test("is not installed", async () => {
		const printed = await signInAt(join(folder, "none"));
		assert.match(printed, /sign-in by azureCli failed: Azure CLI could not be found/);
	});
});

/** Quotes a word for a shell. */
function quoteForShell(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
