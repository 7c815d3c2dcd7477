import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEntraCredential } from "../../../provider/auth/entra.ts";
import { requestGithubToken } from "../../../provider/auth/githubToken.ts";
import { systemClock } from "../../../provider/http/clock.ts";
import { IOTHUB_SETTINGS } from "../../../provider/iothub/settings.ts";
import { SettingReader } from "../../../provider/settings/reader.ts";
import { findTextFaults } from "../../contract/harness/messages.ts";
import { catchError } from "../../contract/scene.ts";
import { withHostileHub } from "./hostileServices.ts";
import {
	type Behave,
	dripBytes,
	ENDLESS,
	formatHttpAnswer,
	type RawServer,
	withServer,
} from "./rawServer.ts";

const SECRET = "the-secret-of-an-application";
const SILENT: Behave = () => {};

/** Signs in with a timeout of a fraction of a second, and returns the error. */
async function catchRefusal(config: Readonly<Record<string, string>>): Promise<string> {
	const reader = new SettingReader({ config: (key) => config[key], env: {} });
	const credential = createEntraCredential(reader, {
		settings: IOTHUB_SETTINGS,
		scope: "https://iothubs.azure.net/.default",
		reason: "this is a test",
		clock: systemClock,
		timeoutMs: 500,
	});
	const { message } = await catchError(credential.getAuthorizationHeader());
	assert.deepEqual(findTextFaults(message, [SECRET]), []);
	return message;
}

const createSettings = ({ host }: RawServer) => ({
	"iothub:authorityHost": `https://${host}`,
	"iothub:tenantId": "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91",
	"iothub:clientId": "app",
	"iothub:clientSecret": SECRET,
});

describe("a sign-in ends with an error after an endless", { concurrency: true }, () => {
	test("TLS handshake of the directory", () =>
		withServer({ behave: SILENT }, async (server) => {
			assert.match(
				await catchRefusal(createSettings(server)),
				/^Microsoft Entra sign-in by clientSecret failed: there was no complete response within 0\.5 s \(/,
			);
			assert.ok(server.visits > 0);
		}));

	test("response of a managed identity's endpoint", () =>
		withServer(
			{ behave: dripBytes("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", " ") },
			async (server) => {
				process.env["IDENTITY_ENDPOINT"] = `${server.origin}/identity`;
				process.env["IDENTITY_HEADER"] = SECRET;
				try {
					assert.match(
						await catchRefusal({ "iothub:credential": "managedIdentity" }),
						/^Microsoft Entra sign-in by managedIdentity failed: there was no complete response within 0\.5 s \(/,
					);
					assert.equal(server.requests.length, 1);
				} finally {
					delete process.env["IDENTITY_ENDPOINT"];
					delete process.env["IDENTITY_HEADER"];
				}
			},
		));

	for (const [name, behave] of Object.entries(ENDLESS)) {
		test(`response of GitHub: ${name}`, () =>
			withServer({ behave }, async ({ origin }) => {
				const wish = { audience: "api://AzureADTokenExchange", timeoutMs: 200 };
				const { message } = await catchError(requestGithubToken(`${origin}/token`, SECRET, wish));
				assert.equal(message, "GitHub Actions returned no identity token within 0.2 s");
			}));
	}
});

test("an operation does not wait for a sign-in beyond its own timeout", () =>
	withServer({ behave: SILENT }, (authority) =>
		withHostileHub(
			{
				behave: SILENT,
				config: {
					"iothub:connectionString": "",
					"iothub:hostName": "fleet.azure-devices.net",
					"iothub:timeouts": "1s",
					...createSettings(authority),
				},
			},
			async ({ service, server }) => {
				const { message } = await catchError(service.functions.getDevice({ deviceId: "a" }));
				assert.match(
					message,
					/^looking up device "a" in hub fleet.azure-devices.net failed: gave up after 1 s/,
				);
				assert.match(message, /Last: the sign-in did not finish$/);
				assert.equal(server.visits, 0);
			},
		),
	));

describe("a response of GitHub leads to an error and not to a token if it is", () => {
	const odd: Readonly<Record<string, string>> = {
		"a redirect": formatHttpAnswer("", "location: http://127.0.0.1:1/", "302 Found"),
		"a token among too many members": formatHttpAnswer(`{"value":"t",${'"a":0,'.repeat(2_000_001)}"b":0}`),
		"a token nested in too many lists": formatHttpAnswer(
			`{"value":"t","a":${"[".repeat(1_000)}${"]".repeat(1_000)}}`,
		),
		"a list": formatHttpAnswer("[]"),
		"not a string": formatHttpAnswer('{"value":7}'),
	};
	for (const [name, text] of Object.entries(odd)) {
		test(name, () =>
			withServer({ behave: (socket) => void socket.write(text) }, async ({ origin, requests }) => {
				const { message } = await catchError(
					requestGithubToken(`${origin}/token?api-version=2.0`, SECRET, { audience: "a b&c=d" }),
				);
				assert.match(message, /^GitHub Actions returned no identity token \(status (?:200|302)\)$/);
				assert.equal(requests[0]?.line, "GET /token?api-version=2.0&audience=a+b%26c%3Dd HTTP/1.1");
				assert.equal(requests.length, 1);
			}),
		);
	}
});
