import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CREDENTIAL_FACTORIES } from "../../../provider/auth/entra.methods.ts";
import { createEntraSettings } from "../../../provider/auth/entra.settings.ts";
import { createEntraCredential } from "../../../provider/auth/entra.ts";
import { createSettingReader, TestClock } from "../doubles.ts";

const SECRET = "Sup3rS3cret-value";

/** Every place from which a sign-in takes a secret. */
const SOURCES: Readonly<Record<string, { config?: Record<string, string>; env?: Record<string, string> }>> = {
	"the client secret": { config: { "iothub:clientSecret": SECRET } },
	"the client secret of the environment": { env: { AZURE_CLIENT_SECRET: SECRET } },
	"the password of the certificate": { config: { "iothub:clientCertificatePassword": SECRET } },
	"the federated token": { config: { "iothub:oidcToken": SECRET } },
	"GitHub's request token": { env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET } },
	"the pipeline's access token": { env: { SYSTEM_ACCESSTOKEN: SECRET } },
	"the header of a managed identity": { env: { IDENTITY_HEADER: SECRET } },
	"the secret of an earlier managed identity": { env: { MSI_SECRET: SECRET } },
};

describe("an error of a sign-in does not repeat", () => {
	for (const [title, { config = {}, env = {} }] of Object.entries(SOURCES)) {
		test(title, async (t) => {
			const getToken = async (): Promise<never> => {
				throw new Error(`the service repeats ${SECRET} and "${SECRET}"`);
			};
			t.mock.method(CREDENTIAL_FACTORIES, "managedIdentity", () => async () => ({ getToken }));
			const reader = createSettingReader({ ...config, "iothub:credential": "managedIdentity" }, env);
			const credential = createEntraCredential(reader, {
				settings: createEntraSettings("iothub"),
				scope: "https://iothubs.azure.net/.default",
				reason: "",
				clock: new TestClock(),
			});
			await assert.rejects(credential.getAuthorizationHeader(), (error: Error) => {
				assert.equal(error.name, "SignInError");
				assert.match(error.message, /the service repeats/);
				assert.ok(!error.message.includes(SECRET), error.message);
				assert.ok(!String(error.stack).includes(SECRET));
				assert.ok(error.cause === undefined || !String(error.cause).includes(SECRET));
				return true;
			});
		});
	}
});
