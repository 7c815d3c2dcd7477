import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { logger } from "@azure/identity";
import { chooseEntraMethod } from "../../../provider/auth/entra.methods.ts";
import { createEntraSettings, ENTRA_METHODS } from "../../../provider/auth/entra.settings.ts";
import { createEntraCredential, sanitizeLog } from "../../../provider/auth/entra.ts";
import { createSettingReader, TestClock } from "../doubles.ts";

const settings = createEntraSettings("iothub");
type Texts = Readonly<Record<string, string>>;
const chooseMethod = (config: Texts, env: Texts = {}): string =>
	chooseEntraMethod(createSettingReader(config, env), settings);

describe("the sign-in method", () => {
	test("is the one that the setting names, whatever else is set", () => {
		for (const name of ENTRA_METHODS) {
			assert.equal(chooseMethod({ "iothub:credential": name }, { AZURE_CLIENT_SECRET: "s" }), name);
		}
	});

	test("must be a known one if the setting names it", () => {
		assert.throws(() => chooseMethod({ "iothub:credential": "password" }), {
			message:
				'iothub:credential is "password"; it must be "clientSecret" or "clientCertificate" or "oidc" or ' +
				'"azurePipelines" or "managedIdentity" or "azureCli"',
		});
	});

	const offers: readonly [title: string, env: Texts, expected: string][] = [
		["a client secret", { AZURE_CLIENT_SECRET: "s" }, "clientSecret"],
		["a client secret under Pulumi's own name", { ARM_CLIENT_SECRET: "s" }, "clientSecret"],
		["a certificate", { AZURE_CLIENT_CERTIFICATE_PATH: "c.pem" }, "clientCertificate"],
		["a federated token", { ARM_OIDC_TOKEN: "t" }, "oidc"],
		["a file with a federated token", { AZURE_FEDERATED_TOKEN_FILE: "f" }, "oidc"],
		["a GitHub Actions job", { ACTIONS_ID_TOKEN_REQUEST_URL: "https://t.example" }, "oidc"],
		["an Azure Pipelines job", { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "c" }, "azurePipelines"],
		["an App Service", { IDENTITY_ENDPOINT: "http://127.0.0.1/msi" }, "managedIdentity"],
		["an older App Service", { MSI_ENDPOINT: "http://127.0.0.1/msi" }, "managedIdentity"],
		["nothing", {}, "azureCli"],
	];
	for (const [title, env, expected] of offers) {
		test(`is ${expected} if the environment has ${title}`, () => {
			assert.equal(chooseMethod({}, env), expected);
		});
	}

	test("is chosen in the documented order", () => {
		const all = Object.assign({}, ...offers.map(([, env]) => env)) as Texts;
		const { AZURE_CLIENT_CERTIFICATE_PATH: _, ...withoutCertificate } = all;
		assert.equal(chooseMethod({}, withoutCertificate), "clientSecret");
	});

	test("is an error if both a secret and a certificate are set", () => {
		const both = { AZURE_CLIENT_SECRET: "very secret", AZURE_CLIENT_CERTIFICATE_PATH: "c.pem" };
		assert.throws(() => chooseMethod({}, both), {
			message:
				"iothub:clientSecret and iothub:clientCertificatePath are both set; remove one of them, or choose a method with iothub:credential",
		});
		assert.equal(chooseMethod({ "iothub:credential": "clientCertificate" }, both), "clientCertificate");
	});
});

test("an Entra credential describes itself without signing in", () => {
	const reader = createSettingReader({}, {});
	const credential = createEntraCredential(reader, {
		settings,
		scope: "https://iothubs.azure.net/.default",
		reason: "no connection string names the hub",
		clock: new TestClock(),
	});
	assert.equal(credential.scheme, "entra");
	assert.equal(credential.identity, "Microsoft Entra identity (azureCli)");
	assert.equal(credential.handleUnauthorized, undefined);
	assert.equal(credential.describeClockSkew, undefined);
});

test("a missing setting is reported when the credential is created, before anything is sent", () => {
	const reader = createSettingReader({ "iothub:credential": "clientSecret" });
	const open = (): unknown =>
		createEntraCredential(reader, {
			settings,
			scope: "https://iothubs.azure.net/.default",
			reason: "no connection string names the hub",
			clock: new TestClock(),
		});
	assert.throws(open, { key: "iothub:tenantId" });
});

test("every sign-in removes its secrets from each line of the library's log", (t) => {
	const printed: unknown[][] = [];
	const levels = [logger.error, logger.warning, logger.info, logger.verbose];
	for (const level of levels) t.mock.method(level, "log", (...args: unknown[]) => void printed.push(args));
	for (const secret of ["one", "two"]) sanitizeLog(logger, (text) => text.replaceAll(secret, "[secret]"));
	for (const level of levels) level.log("%s was sent:", "one", { answer: "two" });
	const clean = ["[secret] was sent: { answer: '[secret]' }"];
	assert.deepEqual(printed, [clean, clean, clean, clean]);
});

test("a long line of the log is cut", (t) => {
	const printed: unknown[][] = [];
	t.mock.method(logger.info, "log", (...args: unknown[]) => void printed.push(args));
	sanitizeLog(logger, (text, limit) => text.slice(0, limit));
	logger.info.log("x".repeat(10_000));
	assert.deepEqual(printed, [["x".repeat(2_000)]]);
});
