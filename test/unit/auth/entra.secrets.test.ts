import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { Credential } from "../../../provider/auth/credential.ts";
import { CREDENTIAL_FACTORIES, loadAzureIdentity } from "../../../provider/auth/entra.methods.ts";
import { createEntraSettings } from "../../../provider/auth/entra.settings.ts";
import { createEntraCredential } from "../../../provider/auth/entra.ts";
import { createSettingReader, TestClock } from "../doubles.ts";

const SECRET = 'Sup3r S3cret+/"(ü)';

/** The secret as it is, in JSON, percent-encoded (RFC 3986), and as a form has it (application/x-www-form-urlencoded). */
const SPELLINGS = [
	SECRET,
	'Sup3r S3cret+/\\"(ü)',
	"Sup3r%20S3cret%2B%2F%22(%C3%BC)",
	"Sup3r+S3cret%2B%2F%22%28%C3%BC%29",
];

const REPEATED = `the service repeats ${SPELLINGS.map((text) => `<${text}>`).join(" ")} at the end`;
const REDACTED = /the service repeats (?:<\[secret\]> ){4}at the end/;

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

/** Creates a credential with these settings, whose sign-in fails with an error that repeats the secret. */
function createFailingCredential(
	t: TestContext,
	{ config = {}, env = {} }: { config?: Record<string, string>; env?: Record<string, string> },
): Credential {
	const getToken = async (): Promise<never> => {
		throw new Error(REPEATED);
	};
	t.mock.method(CREDENTIAL_FACTORIES, "managedIdentity", () => async () => ({ getToken }));
	const reader = createSettingReader({ ...config, "iothub:credential": "managedIdentity" }, env);
	return createEntraCredential(reader, {
		settings: createEntraSettings("iothub"),
		scope: "https://iothubs.azure.net/.default",
		reason: "",
		clock: new TestClock(),
	});
}

describe("an error of a sign-in does not repeat", () => {
	for (const [title, source] of Object.entries(SOURCES)) {
		test(title, async (t) => {
			const credential = createFailingCredential(t, source);
			await assert.rejects(credential.getAuthorizationHeader(), (error: Error) => {
				assert.equal(error.name, "SignInError");
				assert.match(error.message, REDACTED);
				for (const spelling of SPELLINGS) {
					assert.ok(!String(error.stack).includes(spelling));
					assert.ok(error.cause === undefined || !String(error.cause).includes(spelling));
				}
				return true;
			});
		});
	}
});

test("the log of the library does not repeat a secret of a sign-in", async (t) => {
	const { logger } = await loadAzureIdentity();
	const lines: unknown[] = [];
	t.mock.method(logger.info, "log", (line: unknown) => void lines.push(line));
	const credential = createFailingCredential(t, { config: { "iothub:clientSecret": SECRET } });
	await assert.rejects(credential.getAuthorizationHeader());
	logger.info.log(REPEATED);
	assert.match(lines.join(), REDACTED);
});
