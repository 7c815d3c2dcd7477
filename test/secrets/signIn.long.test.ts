import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { type Certificates, makeCertificates } from "../emulator/certificates.ts";
import { spellingsOf } from "./spellings.ts";

const SECRET = "Kq8~secret.of-an/application+=&0x";
const JWT = ["header", "claims"].map((name) => Buffer.from(`{"${name}":"of a token"}`).toString("base64url"));
const TOKEN = [...JWT, "c2lnbmF0dXJl"].join(".");

/** For each way to sign in: its settings, and what it sends to the directory or to whoever vouches for us. */
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

describe("a directory that repeats everything that it was sent makes no error that has a secret in it, by", () => {
	let certificates: Certificates;
	let origin = "";
	const heard: string[] = [];
	const echo = createServer((request, response) => {
		let body = "";
		request.on("data", (bytes) => (body += bytes));
		request.on("end", () => {
			const { pathname } = new URL(request.url ?? "", origin);
			const all = `${JSON.stringify(request.headers)} ${body} ${decodeURIComponent(body)}`;
			heard.push(all);
			response.setHeader("content-type", "application/json");
			const isKnown = pathname.endsWith("/openid-configuration");
			response.statusCode = isKnown ? 200 : 400;
			const refusal = { error: "invalid_client", error_description: all, message: all };
			response.end(JSON.stringify(isKnown ? metadata(origin) : refusal));
		});
	});

	before(async () => {
		certificates = await makeCertificates("localhost");
		echo.setSecureContext(certificates.tls);
		await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
		origin = `https://localhost:${(echo.address() as AddressInfo).port}`;
	});

	after(async () => {
		echo.closeAllConnections();
		echo.close();
		await certificates.remove();
	});

	for (const [name, settingsOf] of Object.entries(WAYS)) {
		test(name, async () => {
			heard.splice(0);
			const common = {
				"iothub:authorityHost": origin,
				"iothub:tenantId": "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91",
			};
			const settings = { ...common, "iothub:clientId": "app", ...settingsOf(origin) };
			const printed = await signingIn(settings, certificates.caFile);
			assert.match(printed, /Microsoft Entra sign-in by \w+ failed: .*\[SignInError\]/s);
			const known = [SECRET, TOKEN].filter((secret) => Object.values(settings).includes(secret));
			assert.ok(
				known.length > 0 && heard.some((text) => known.some((secret) => text.includes(secret))),
				"nothing was sent",
			);
			for (const spelling of known.flatMap(spellingsOf)) assert.ok(!printed.includes(spelling), printed);
		});
	}
});

/** What a process of its own, which trusts the directory, prints of the sign-in that fails. */
async function signingIn(settings: Readonly<Record<string, string>>, caFile: string): Promise<string> {
	const { stdout, stderr } = await promisify(execFile)(
		process.execPath,
		["--import", "tsx", join(__dirname, "signIn.process.ts"), JSON.stringify(settings)],
		{ env: { ...process.env, ...settings, NODE_EXTRA_CA_CERTS: caFile } },
	);
	return stdout + stderr;
}

function metadata(origin: string): object {
	const at = (name: string): string => `${origin}/tenant/oauth2/v2.0/${name}`;
	return {
		issuer: `${origin}/tenant/v2.0`,
		token_endpoint: at("token"),
		authorization_endpoint: at("authorize"),
		jwks_uri: at("keys"),
	};
}
