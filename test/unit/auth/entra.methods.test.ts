import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { CREDENTIAL_FACTORIES } from "../../../provider/auth/entra.methods.ts";
import {
	createEntraSettings,
	ENTRA_METHODS,
	type EntraMethod,
} from "../../../provider/auth/entra.settings.ts";
import { ConfigurationError } from "../../../provider/settings/reader.ts";
import { createSettingReader } from "../doubles.ts";

const settings = createEntraSettings("iothub");
const APP = { "iothub:tenantId": "tenant", "iothub:clientId": "client" };
type Texts = Readonly<Record<string, string>>;

/** Returns the error message of a method for these settings; empty if there is none. */
function getProblem(method: EntraMethod, config: Texts, env: Texts = {}): string {
	try {
		CREDENTIAL_FACTORIES[method](createSettingReader(config, env), settings);
		return "";
	} catch (error) {
		assert.ok(error instanceof ConfigurationError);
		return error.message;
	}
}

describe("an application", () => {
	for (const method of ["clientSecret", "clientCertificate", "oidc", "azurePipelines"] as const) {
		test(`needs a tenant and a client for ${method}`, () => {
			assert.equal(
				getProblem(method, {}),
				`iothub:tenantId is not set (credential ${method} needs it). Run \`pulumi config set iothub:tenantId ` +
					"<tenant id>`, or set the environment variable AZURE_TENANT_ID.",
			);
			assert.equal(
				getProblem(method, { "iothub:tenantId": "tenant" }),
				`iothub:clientId is not set (credential ${method} needs it). Run \`pulumi config set iothub:clientId ` +
					"<application id>`, or set the environment variable AZURE_CLIENT_ID.",
			);
		});
	}
});

describe("each method requires its own settings", () => {
	test("clientSecret: the secret, set as a secret", () => {
		assert.match(
			getProblem("clientSecret", APP),
			/^iothub:clientSecret is not set \(credential clientSecret needs it\)\. Run `pulumi config set --secret /,
		);
		assert.equal(getProblem("clientSecret", APP, { AZURE_CLIENT_SECRET: "s" }), "");
	});

	test("clientCertificate: the file, and a password only if there is one", () => {
		assert.match(getProblem("clientCertificate", APP), /^iothub:clientCertificatePath is not set/);
		assert.equal(getProblem("clientCertificate", APP, { ARM_CLIENT_CERTIFICATE_PATH: "c.pem" }), "");
	});

	test("oidc: a token, a file, or a GitHub Actions job that may request a token", () => {
		assert.equal(
			getProblem("oidc", APP),
			"iothub:oidcToken is not set, nor is iothub:oidcTokenFile, and this is not a GitHub Actions job with " +
				"`permissions: id-token: write`",
		);
		const url = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://t.example" };
		assert.match(getProblem("oidc", APP, url), /^iothub:oidcToken is not set/);
		assert.equal(getProblem("oidc", APP, { ...url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t" }), "");
		assert.equal(getProblem("oidc", APP, { ARM_OIDC_TOKEN: "t" }), "");
		assert.equal(getProblem("oidc", APP, { ARM_OIDC_TOKEN_FILE_PATH: "f" }), "");
	});

	test("azurePipelines: the service connection, and the token that the pipeline must map", () => {
		const connection = { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "c" };
		assert.match(getProblem("azurePipelines", APP), /^iothub:serviceConnectionId is not set/);
		assert.equal(
			getProblem("azurePipelines", APP, connection),
			"iothub:credential is azurePipelines, which needs the pipeline's SYSTEM_ACCESSTOKEN: map it with " +
				"`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
		);
		assert.equal(getProblem("azurePipelines", APP, { ...connection, SYSTEM_ACCESSTOKEN: "t" }), "");
	});

	test("managedIdentity and azureCli: nothing", () => {
		assert.equal(getProblem("managedIdentity", {}), "");
		assert.equal(getProblem("azureCli", {}), "");
	});
});

describe("an application signs in at", () => {
	const contacted = new Set<string>();
	const proxy = createServer().on("connect", ({ url }, client) => {
		contacted.add(url ?? "");
		client.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
	});

	before(async () => {
		await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
		process.env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});

	beforeEach(() => contacted.clear());

	after(() => {
		delete process.env["HTTPS_PROXY"];
		proxy.closeAllConnections();
		proxy.close();
	});

	/** Returns the hosts to which a sign-in with these settings connects. */
	async function listContactedHosts(method: EntraMethod, config: Texts, env: Texts = {}): Promise<string[]> {
		const secrets = { AZURE_CLIENT_SECRET: "s", ARM_OIDC_TOKEN: "t", ...env };
		const credential = await CREDENTIAL_FACTORIES[method](
			createSettingReader({ ...APP, ...config }, secrets),
			settings,
		)();
		await assert.rejects(credential.getToken("https://iothubs.azure.net/.default"));
		return [...contacted];
	}

	const logins: readonly [cloud: string, host: string][] = [
		["public", "login.microsoftonline.com"],
		["usgovernment", "login.microsoftonline.us"],
		["usgovernmentdod", "login.microsoftonline.us"],
		// Entra's library knows login.chinacloudapi.cn, and connects to the name that China's directory prefers.
		["china", "login.partner.microsoftonline.cn"],
	];
	for (const [cloud, host] of logins) {
		test(`${host} in the cloud ${cloud}`, async () => {
			assert.deepEqual(await listContactedHosts("clientSecret", { "iothub:cloud": cloud }), [`${host}:443`]);
			contacted.clear();
			assert.deepEqual(await listContactedHosts("oidc", {}, { ARM_ENVIRONMENT: cloud }), [`${host}:443`]);
		});
	}

	test("no authority without https, which the library would reject without naming the setting", async () => {
		const config = { "iothub:authorityHost": "http://localhost:1" };
		await assert.rejects(listContactedHosts("clientSecret", config), {
			name: "ConfigurationError",
			message:
				'iothub:authorityHost is "http://localhost:1"; it must begin with https://, because Microsoft\'s sign-in library requires it',
		});
	});

	test("the configured authority, whatever the cloud", async () => {
		const config = { "iothub:cloud": "china", "iothub:authorityHost": "https://login.microsoftonline.us/" };
		assert.deepEqual(await listContactedHosts("clientSecret", config), ["login.microsoftonline.us:443"]);
		contacted.clear();
		const customConfig = { ...config, "iothub:authorityHost": "https://entra.example" };
		assert.deepEqual(await listContactedHosts("clientSecret", customConfig), ["entra.example:443"]);
	});
});

test("an unknown cloud is reported when the method is created, if it needs an authority", () => {
	const config = { ...APP, "iothub:cloud": "german" };
	const env = { AZURE_CLIENT_SECRET: "s", ARM_OIDC_TOKEN: "t", AZURE_CLIENT_CERTIFICATE_PATH: "c.pem" };
	for (const method of ["clientSecret", "clientCertificate", "oidc", "azurePipelines"] as const)
		assert.match(getProblem(method, config, env), /^iothub:cloud is "german"; it must be /);
	for (const method of ["managedIdentity", "azureCli"] as const)
		assert.equal(getProblem(method, config, env), "");
});

describe("the token of a GitHub Actions job is requested with the cloud's audience", () => {
	const cases: readonly [cloud: string, audience: string][] = [
		["public", "api://AzureADTokenExchange"],
		["usgovernment", "api://AzureADTokenExchangeUSGov"],
		["usgovernmentdod", "api://AzureADTokenExchangeUSGov"],
		["china", "api://AzureADTokenExchangeChina"],
	];
	const audiences: (string | null)[] = [];
	const github = createServer(({ url }, response) => {
		audiences.push(new URL(url ?? "", "http://127.0.0.1").searchParams.get("audience"));
		response.writeHead(403).end();
	});

	before(() => new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve)));

	beforeEach(() => audiences.splice(0));

	after(() => {
		github.closeAllConnections();
		github.close();
	});

	for (const [cloud, audience] of cases) {
		test(`${cloud}: ${audience}`, async () => {
			const url = `http://127.0.0.1:${(github.address() as AddressInfo).port}/`;
			const env = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t" };
			const config = { ...APP, "iothub:cloud": cloud, "iothub:authorityHost": "https://127.0.0.1:9" };
			const credential = await CREDENTIAL_FACTORIES.oidc(createSettingReader(config, env), settings)();
			await assert.rejects(credential.getToken("https://iothubs.azure.net/.default"));
			assert.deepEqual(audiences, [audience]);
		});
	}
});

test("every method creates a credential of @azure/identity", async (t) => {
	const env = {
		AZURE_CLIENT_SECRET: "s",
		AZURE_CLIENT_CERTIFICATE_PATH: "c.pem",
		ARM_OIDC_TOKEN: "t",
		AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "c",
		SYSTEM_ACCESSTOKEN: "a",
	};
	process.env["SYSTEM_OIDCREQUESTURI"] = "https://pipelines.example/oidc";
	t.after(() => delete process.env["SYSTEM_OIDCREQUESTURI"]);
	const names = await Promise.all(
		ENTRA_METHODS.map(
			async (method) =>
				(await CREDENTIAL_FACTORIES[method](createSettingReader(APP, env), settings)()).constructor.name,
		),
	);
	assert.deepEqual(names, [
		"ClientSecretCredential",
		"ClientCertificateCredential",
		"ClientAssertionCredential",
		"AzurePipelinesCredential",
		"ManagedIdentityCredential",
		"AzureCliCredential",
	]);
});
