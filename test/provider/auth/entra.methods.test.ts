import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BUILDERS } from "../../../provider/auth/entra.methods.ts";
import { ENTRA_METHODS, type EntraMethod, entraSettings } from "../../../provider/auth/entra.settings.ts";
import { ConfigurationError } from "../../../provider/settings/errors.ts";
import { readerOf } from "../settings/settingReader.ts";

const settings = entraSettings("iothub");
const APP = { "iothub:tenantId": "tenant", "iothub:clientId": "client" };
type Texts = Readonly<Record<string, string>>;

/** The message that a method has for these settings, or none. */
function complaint(method: EntraMethod, config: Texts, env: Texts = {}): string {
	try {
		BUILDERS[method](readerOf(config, env), settings);
		return "";
	} catch (error) {
		assert.ok(error instanceof ConfigurationError);
		return error.message;
	}
}

describe("an application", () => {
	for (const method of ["clientSecret", "clientCertificate", "oidc", "azurePipelines"] as const) {
		test(`needs tenant and client to sign in by ${method}`, () => {
			assert.equal(
				complaint(method, {}),
				`iothub:tenantId is not set (credential ${method} needs it). Run \`pulumi config set iothub:tenantId ` +
					"<tenant id>`, or set the environment variable AZURE_TENANT_ID.",
			);
			assert.equal(
				complaint(method, { "iothub:tenantId": "tenant" }),
				`iothub:clientId is not set (credential ${method} needs it). Run \`pulumi config set iothub:clientId ` +
					"<application id>`, or set the environment variable AZURE_CLIENT_ID.",
			);
		});
	}
});

describe("what each way to sign in needs besides", () => {
	test("clientSecret: the secret, set as a secret", () => {
		assert.match(
			complaint("clientSecret", APP),
			/^iothub:clientSecret is not set \(credential clientSecret needs it\)\. Run `pulumi config set --secret /,
		);
		assert.equal(complaint("clientSecret", APP, { AZURE_CLIENT_SECRET: "s" }), "");
	});

	test("clientCertificate: the file, and a password only where there is one", () => {
		assert.match(complaint("clientCertificate", APP), /^iothub:clientCertificatePath is not set/);
		assert.equal(complaint("clientCertificate", APP, { ARM_CLIENT_CERTIFICATE_PATH: "c.pem" }), "");
	});

	test("oidc: a token, a file, or a GitHub Actions job that may ask for one", () => {
		assert.equal(
			complaint("oidc", APP),
			"iothub:oidcToken is not set, nor is iothub:oidcTokenFile, and this is no GitHub Actions job with " +
				"`permissions: id-token: write`",
		);
		const url = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://t.example" };
		assert.match(complaint("oidc", APP, url), /^iothub:oidcToken is not set/);
		assert.equal(complaint("oidc", APP, { ...url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t" }), "");
		assert.equal(complaint("oidc", APP, { ARM_OIDC_TOKEN: "t" }), "");
		assert.equal(complaint("oidc", APP, { ARM_OIDC_TOKEN_FILE_PATH: "f" }), "");
	});

	test("azurePipelines: the service connection, and the token that the pipeline must map", () => {
		const connection = { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "c" };
		assert.match(complaint("azurePipelines", APP), /^iothub:serviceConnectionId is not set/);
		assert.equal(
			complaint("azurePipelines", APP, connection),
			"iothub:credential is azurePipelines, which needs the pipeline's SYSTEM_ACCESSTOKEN: map it with " +
				"`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
		);
		assert.equal(complaint("azurePipelines", APP, { ...connection, SYSTEM_ACCESSTOKEN: "t" }), "");
	});

	test("managedIdentity and azureCli: nothing", () => {
		assert.equal(complaint("managedIdentity", {}), "");
		assert.equal(complaint("azureCli", {}), "");
	});
});

test("every way to sign in becomes a credential of @azure/identity", async (t) => {
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
			async (method) => (await BUILDERS[method](readerOf(APP, env), settings)()).constructor.name,
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
