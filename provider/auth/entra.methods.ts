import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { CLOUD_ENDPOINTS, readCloud } from "./clouds.ts";
import type { EntraMethod, EntraSettings } from "./entra.settings.ts";
import { requestGithubToken } from "./githubToken.ts";

type CreateTokenCredential = () => Promise<TokenCredential>;

/** For each way to sign in: takes what it needs from the settings at once, and loads the library when it is used. */
export const CREDENTIAL_FACTORIES: Readonly<
	Record<EntraMethod, (reader: SettingReader, settings: EntraSettings) => CreateTokenCredential>
> = {
	clientSecret(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "clientSecret");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const secret = reader.require(settings.clientSecret, " (credential clientSecret needs it)");
		return async () =>
			new (await loadAzureIdentity()).ClientSecretCredential(tenantId, clientId, secret, authorityOptions);
	},
	clientCertificate(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "clientCertificate");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const certificatePath = reader.require(
			settings.certificatePath,
			" (credential clientCertificate needs it)",
		);
		const password = reader.get(settings.certificatePassword);
		const certificate = {
			certificatePath,
			...(password === undefined ? {} : { certificatePassword: password }),
		};
		return async () =>
			new (await loadAzureIdentity()).ClientCertificateCredential(
				tenantId,
				clientId,
				certificate,
				authorityOptions,
			);
	},
	oidc(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "oidc");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const getAssertion = createGetAssertion(reader, settings);
		return async () =>
			new (await loadAzureIdentity()).ClientAssertionCredential(
				tenantId,
				clientId,
				getAssertion,
				authorityOptions,
			);
	},
	azurePipelines(reader, settings) {
		const { tenantId, clientId } = requireApplication(reader, settings, "azurePipelines");
		const authorityOptions = readAuthorityOptions(reader, settings);
		const serviceConnectionId = reader.require(
			settings.serviceConnectionId,
			" (credential azurePipelines needs it)",
		);
		const accessToken = reader.getEnvironmentVariable("SYSTEM_ACCESSTOKEN");
		if (accessToken === undefined) {
			throw new ConfigurationError(
				settings.credential.key,
				"is azurePipelines, which needs the pipeline's SYSTEM_ACCESSTOKEN: map it with `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
			);
		}
		return async () =>
			new (await loadAzureIdentity()).AzurePipelinesCredential(
				tenantId,
				clientId,
				serviceConnectionId,
				accessToken,
				authorityOptions,
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

/** `@azure/identity` takes a third of a second to load, so only those who sign in with it pay. */
export async function loadAzureIdentity() {
	return import("@azure/identity");
}

function requireApplication(
	reader: SettingReader,
	settings: EntraSettings,
	method: EntraMethod,
): { tenantId: string; clientId: string } {
	const reason = ` (credential ${method} needs it)`;
	return {
		tenantId: reader.require(settings.tenantId, reason),
		clientId: reader.require(settings.clientId, reason),
	};
}

/**
 * Where to sign in, if not at the public cloud's Entra. An authority that is none of Microsoft's is not asked for in
 * Microsoft's directory of authorities.
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
			`is "${authorityHost}"; it takes an address with https://, for Microsoft's sign-in library takes no other`,
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
	const url = reader.getEnvironmentVariable("ACTIONS_ID_TOKEN_REQUEST_URL");
	const requestToken = reader.getEnvironmentVariable("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
	if (url !== undefined && requestToken !== undefined) {
		const audience = CLOUD_ENDPOINTS[readCloud(reader, settings.cloud)].tokenExchangeAudience;
		return () => requestGithubToken(url, requestToken, { audience });
	}
	throw new ConfigurationError(
		settings.oidcToken.key,
		`is not set, nor is ${settings.oidcTokenFile.key}, and this is no GitHub Actions job with \`permissions: id-token: write\``,
	);
}
