import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { ConfigurationError } from "../settings/errors.ts";
import type { SettingReader } from "../settings/reader.ts";
import type { EntraMethod, EntraSettings } from "./entra.settings.ts";
import { githubToken } from "./githubToken.ts";

type Build = () => Promise<TokenCredential>;

/** For each way to sign in: takes what it needs from the settings at once, and loads the library when it is used. */
export const BUILDERS: Readonly<
	Record<EntraMethod, (reader: SettingReader, settings: EntraSettings) => Build>
> = {
	clientSecret(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "clientSecret");
		const secret = reader.require(settings.clientSecret, " (credential clientSecret needs it)");
		return async () =>
			new (await identity()).ClientSecretCredential(tenantId, clientId, secret, authority(reader, settings));
	},
	clientCertificate(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "clientCertificate");
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
			new (await identity()).ClientCertificateCredential(
				tenantId,
				clientId,
				certificate,
				authority(reader, settings),
			);
	},
	oidc(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "oidc");
		const assertion = federatedToken(reader, settings);
		return async () =>
			new (await identity()).ClientAssertionCredential(
				tenantId,
				clientId,
				assertion,
				authority(reader, settings),
			);
	},
	azurePipelines(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "azurePipelines");
		const connection = reader.require(settings.serviceConnectionId, " (credential azurePipelines needs it)");
		const accessToken = reader.env("SYSTEM_ACCESSTOKEN");
		if (accessToken === undefined) {
			throw new ConfigurationError(
				settings.credential.key,
				"is azurePipelines, which needs the pipeline's SYSTEM_ACCESSTOKEN: map it with `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
			);
		}
		return async () =>
			new (await identity()).AzurePipelinesCredential(
				tenantId,
				clientId,
				connection,
				accessToken,
				authority(reader, settings),
			);
	},
	managedIdentity(reader, settings) {
		const clientId = reader.get(settings.clientId);
		return async () =>
			new (await identity()).ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
	},
	azureCli(reader, settings) {
		const tenantId = reader.get(settings.tenantId);
		return async () => new (await identity()).AzureCliCredential(tenantId === undefined ? {} : { tenantId });
	},
};

/** `@azure/identity` takes a third of a second to load, so only those who sign in with it pay. */
async function identity() {
	return import("@azure/identity");
}

function application(
	reader: SettingReader,
	settings: EntraSettings,
	method: EntraMethod,
): { tenantId: string; clientId: string } {
	const because = ` (credential ${method} needs it)`;
	return {
		tenantId: reader.require(settings.tenantId, because),
		clientId: reader.require(settings.clientId, because),
	};
}

/** Another authority than Microsoft's public ones is not asked for in Microsoft's directory of authorities. */
function authority(
	reader: SettingReader,
	settings: EntraSettings,
): { authorityHost?: string; disableInstanceDiscovery?: true } {
	const authorityHost = reader.get(settings.authorityHost);
	if (authorityHost === undefined) return {};
	const known = /^https:\/\/login\.(microsoftonline\.(com|us)|chinacloudapi\.cn)\/?$/.test(authorityHost);
	return known ? { authorityHost } : { authorityHost, disableInstanceDiscovery: true };
}

function federatedToken(reader: SettingReader, settings: EntraSettings): () => Promise<string> {
	const token = reader.get(settings.oidcToken);
	if (token !== undefined) return async () => token;
	const file = reader.get(settings.oidcTokenFile);
	if (file !== undefined) return async () => (await readFile(file, "utf8")).trim();
	const url = reader.env("ACTIONS_ID_TOKEN_REQUEST_URL");
	const bearer = reader.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
	if (url !== undefined && bearer !== undefined) return () => githubToken(url, bearer);
	throw new ConfigurationError(
		settings.oidcToken.key,
		`is not set, nor is ${settings.oidcTokenFile.key}, and this is no GitHub Actions job with \`permissions: id-token: write\``,
	);
}
