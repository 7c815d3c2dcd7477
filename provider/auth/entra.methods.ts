import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { CLOUD_ENDPOINTS, readCloud } from "./clouds.ts";
import type { ObservedOptions } from "./entra.retry.ts";
import { ENTRA_METHODS, type EntraMethod, type EntraSettings } from "./entra.settings.ts";
import { requestGithubToken } from "./githubToken.ts";

/** Environment variables of a job in GitHub Actions that may request an OIDC token. */
export const GITHUB_VARIABLES = {
	url: "ACTIONS_ID_TOKEN_REQUEST_URL",
	token: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
} as const;

/** Environment variable with the access token of a job in Azure Pipelines. */
export const PIPELINES_TOKEN_VARIABLE = "SYSTEM_ACCESSTOKEN";

/** Returns the sign-in method that the settings choose. */
export function chooseEntraMethod(reader: SettingReader, settings: EntraSettings): EntraMethod {
	const chosen = reader.getOneOf(settings.credential, ENTRA_METHODS);
	if (chosen !== undefined) return chosen;
	const clientSecret = reader.get(settings.clientSecret);
	const certificatePath = reader.get(settings.certificatePath);
	if (clientSecret !== undefined && certificatePath !== undefined) {
		throw new ConfigurationError(
			settings.clientSecret.key,
			`and ${settings.certificatePath.key} are both set; remove one of them, or choose a method with ${settings.credential.key}`,
		);
	}
	if (clientSecret !== undefined) return "clientSecret";
	if (certificatePath !== undefined) return "clientCertificate";
	return detectEntraMethod(reader, settings);
}

function detectEntraMethod(reader: SettingReader, settings: EntraSettings): EntraMethod {
	const federatedToken = reader.get(settings.oidcToken) ?? reader.get(settings.oidcTokenFile);
	if (federatedToken !== undefined || reader.getEnvironmentVariable(GITHUB_VARIABLES.url) !== undefined)
		return "oidc";
	if (reader.get(settings.serviceConnectionId) !== undefined) return "azurePipelines";
	if (reader.getEnvironmentVariable("IDENTITY_ENDPOINT") ?? reader.getEnvironmentVariable("MSI_ENDPOINT"))
		return "managedIdentity";
	return "azureCli";
}

/** Creates a credential of the library with options that observe its requests. Those of a local service or a command have no use for them. */
type CreateTokenCredential = (observed?: ObservedOptions) => Promise<TokenCredential>;

/** For each sign-in method: reads its settings at once and loads the library on first use. */
export const CREDENTIAL_FACTORIES: Readonly<
	Record<EntraMethod, (reader: SettingReader, settings: EntraSettings) => CreateTokenCredential>
> = {
	clientSecret(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "clientSecret");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const secret = reader.require(settings.clientSecret, formatReason("clientSecret"));
		return async (observed) =>
			new (await loadAzureIdentity()).ClientSecretCredential(tenantId, clientId, secret, {
				...authorityOptions,
				...observed,
			});
	},
	clientCertificate(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "clientCertificate");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const certificatePath = reader.require(settings.certificatePath, formatReason("clientCertificate"));
		const password = reader.get(settings.certificatePassword);
		const certificate = {
			certificatePath,
			...(password === undefined ? {} : { certificatePassword: password }),
		};
		return async (observed) =>
			new (await loadAzureIdentity()).ClientCertificateCredential(tenantId, clientId, certificate, {
				...authorityOptions,
				...observed,
			});
	},
	oidc(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "oidc");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const getAssertion = createGetAssertion(reader, settings);
		return async (observed) =>
			new (await loadAzureIdentity()).ClientAssertionCredential(tenantId, clientId, getAssertion, {
				...authorityOptions,
				...observed,
			});
	},
	azurePipelines(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "azurePipelines");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const serviceConnectionId = reader.require(settings.serviceConnectionId, formatReason("azurePipelines"));
		const accessToken = reader.getEnvironmentVariable(PIPELINES_TOKEN_VARIABLE);
		if (accessToken === undefined) {
			throw new ConfigurationError(
				settings.credential.key,
				"is azurePipelines, which needs the pipeline's SYSTEM_ACCESSTOKEN: map it with `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
			);
		}
		return async (observed) =>
			new (await loadAzureIdentity()).AzurePipelinesCredential(
				tenantId,
				clientId,
				serviceConnectionId,
				accessToken,
				{ ...authorityOptions, ...observed },
			);
	},
	managedIdentity(reader, settings) {
		const clientId = reader.get(settings.clientId);
		return async () =>
			new (await loadAzureIdentity()).ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
	},
	azureCli(reader, settings) {
		const tenantId = reader.get(settings.tenantId);
		return async () =>
			new (await loadAzureIdentity()).AzureCliCredential(tenantId === undefined ? {} : { tenantId });
	},
};

/** Loads `@azure/identity`, which takes a third of a second, only for those who sign in with it. */
export async function loadAzureIdentity() {
	return import("@azure/identity");
}

function formatReason(method: EntraMethod): string {
	return ` (credential ${method} needs it)`;
}

function requireApplication(
	reader: SettingReader,
	settings: EntraSettings,
	method: EntraMethod,
): { tenantId: string; clientId: string } {
	const reason = formatReason(method);
	return {
		tenantId: reader.require(settings.tenantId, reason),
		clientId: reader.require(settings.clientId, reason),
	};
}

/**
 * Returns the authority to sign in at, if it is not the public cloud's Entra. For an authority that is not Microsoft's,
 * the lookup in Microsoft's directory of authorities is disabled.
 */
function readAuthorityOptions(
	reader: SettingReader,
	settings: EntraSettings,
): { authorityHost?: string; disableInstanceDiscovery?: true } {
	const authorityHost = reader.get(settings.authorityHost) ?? findNationalAuthority(reader, settings);
	if (authorityHost === undefined) return {};
	if (!/^https:\/\//i.test(authorityHost)) {
		throw new ConfigurationError(
			settings.authorityHost.key,
			`is "${authorityHost}"; it must begin with https://, because Microsoft's sign-in library requires it`,
		);
	}
	const isKnown = Object.values(CLOUD_ENDPOINTS).some(
		(cloud) => cloud.authorityHost === authorityHost.replace(/\/$/, ""),
	);
	return isKnown ? { authorityHost } : { authorityHost, disableInstanceDiscovery: true };
}

function findNationalAuthority(reader: SettingReader, settings: EntraSettings): string | undefined {
	const cloud = readCloud(reader, settings.cloud);
	return cloud === "public" ? undefined : CLOUD_ENDPOINTS[cloud].authorityHost;
}

function createGetAssertion(reader: SettingReader, settings: EntraSettings): () => Promise<string> {
	const token = reader.get(settings.oidcToken);
	if (token !== undefined) return async () => token;
	const filePath = reader.get(settings.oidcTokenFile);
	if (filePath !== undefined) return async () => (await readFile(filePath, "utf8")).trim();
	const url = reader.getEnvironmentVariable(GITHUB_VARIABLES.url);
	const requestToken = reader.getEnvironmentVariable(GITHUB_VARIABLES.token);
	if (url !== undefined && requestToken !== undefined) {
		const audience = CLOUD_ENDPOINTS[readCloud(reader, settings.cloud)].tokenExchangeAudience;
		return () => requestGithubToken(url, requestToken, { audience });
	}
	throw new ConfigurationError(
		settings.oidcToken.key,
		`is not set, nor is ${settings.oidcTokenFile.key}, and this is not a GitHub Actions job with \`permissions: id-token: write\``,
	);
}
