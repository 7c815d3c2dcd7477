import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createUnsignedToken } from "./credentials.ts";
import { closeSocket, type Directory, MANNERS, openDirectory, TOKEN_GIVEN } from "./directory.ts";
import { APPLICATION, NOWHERE, runSignIn } from "./processes.ts";
import { Search } from "./search.ts";

const SECRET = "Kq8~secret.of-an/application+=&0x";
const TOKEN = createUnsignedToken('{"header":"of a token"}', '{"claims":"of a token"}', "signature");

/** For each way to sign in: its settings, and what it sends to the directory or to the issuer of its proof. */
const WAYS: Readonly<Record<string, (origin: string) => Readonly<Record<string, string>>>> = {
	clientSecret: () => ({ "iothub:clientSecret": SECRET }),
	oidc: () => ({ "iothub:oidcToken": TOKEN }),
	"oidc of GitHub": (origin) => ({
		"iothub:credential": "oidc",
		ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/github`,
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
	}),
	azurePipelines: (origin) => ({
		"iothub:credential": "azurePipelines",
		"iothub:serviceConnectionId": "connection",
		SYSTEM_OIDCREQUESTURI: `${origin}/pipeline`,
		SYSTEM_ACCESSTOKEN: SECRET,
	}),
	managedIdentity: (origin) => ({
		"iothub:credential": "managedIdentity",
		IDENTITY_ENDPOINT: `${origin}/identity`,
		IDENTITY_HEADER: SECRET,
	}),
};

describe("a failed sign-in prints no secret in its error or in a log:", () => {
	const search = new Search();
	let directory: Directory;

	before(async () => {
		directory = await openDirectory();
	});

	after(async () => {
		await directory.close();
		console.log(`Sign-in by ${Object.keys(WAYS).join(", ")}: ${search.describe()}`);
	});

	async function failSignIn(way: string, origin: string): Promise<readonly string[]> {
		const settings = { ...APPLICATION, "iothub:authorityHost": origin, ...WAYS[way]?.(origin) };
		const printed = await runSignIn(settings, directory);
		assert.match(printed, /Microsoft Entra sign-in by \w+ failed: .*\[SignInError\]/s);
		const known = [SECRET, TOKEN].filter((secret) => Object.values(settings).includes(secret));
		search.assertSilent(way, [printed], [...known, TOKEN_GIVEN]);
		return known;
	}

	for (const way of Object.keys(WAYS)) {
		for (const [manner, answer] of Object.entries(MANNERS)) {
			test(`by ${way}, if the endpoint ${manner}`, async () => {
				directory.become(answer);
				const sent = await failSignIn(way, directory.origin);
				assert.ok(
					sent.some((secret) => directory.heard.some((text) => text.includes(secret))),
					"nothing was sent",
				);
			});
		}
	}

	// Both are retried, with pauses.
	test("by any way, if the endpoint closes the connection or does not exist", async () => {
		directory.become(closeSocket);
		for (const origin of [directory.origin, NOWHERE])
			await Promise.all(Object.keys(WAYS).map((way) => failSignIn(way, origin)));
	});
});
