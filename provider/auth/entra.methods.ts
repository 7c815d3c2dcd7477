import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { ConfigurationError } from "../settings/errors.ts";
import type { SettingReader } from "../settings/reader.ts";
import { ADDRESSES, cloudOf } from "./clouds.ts";
import type { EntraMethod, EntraSettings } from "./entra.settings.ts";
import { githubToken } from "./githubToken.ts";

type Build = () => Promise<TokenCredential>;

/** For each way to sign in: takes what it needs from the settings at once, and loads the library when it is used. */
export const BUILDERS: Readonly<
	Record<EntraMethod, (reader: SettingReader, settings: EntraSettings) => Build>
> = {
	clientSecret(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "clientSecret");
		const host = authority(reader, settings);
		const secret = reader.require(settings.clientSecret, " (credential clientSecret needs it)");
		return async () => new (await identity()).ClientSecretCredential(tenantId, clientId, secret, host);
	},
	clientCertificate(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "clientCertificate");
		const host = authority(reader, settings);
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
			new (await identity()).ClientCertificateCredential(tenantId, clientId, certificate, host);
	},
	oidc(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "oidc");
		const host = authority(reader, settings);
		const assertion = federatedToken(reader, settings);
		return async () => new (await identity()).ClientAssertionCredential(tenantId, clientId, assertion, host);
	},
	azurePipelines(reader, settings) {
		const { tenantId, clientId } = application(reader, settings, "azurePipelines");
		const host = authority(reader, settings);
		const connection = reader.require(settings.serviceConnectionId, " (credential azurePipelines needs it)");
		const accessToken = reader.env("SYSTEM_ACCESSTOKEN");
		if (accessToken === undefined) {
			throw new ConfigurationError(
				settings.credential.key,
				"is azurePipelines, which needs the pipeline's SYSTEM_ACCESSTOKEN: map it with `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
			);
		}
		return async () =>
			new (await identity()).AzurePipelinesCredential(tenantId, clientId, connection, accessToken, host);
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
export async function identity() {
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

/**
 * Where to sign in, if not at the public cloud's Entra. An authority that is none of Microsoft's is not asked for in
 * Microsoft's directory of authorities.
 */
function authority(
	reader: SettingReader,
	settings: EntraSettings,
): { authorityHost?: string; disableInstanceDiscovery?: true } {
	const authorityHost = reader.get(settings.authorityHost) ?? nationalAuthority(reader, settings);
	if (authorityHost === undefined) return {};
	if (!/^https:\/\//i.test(authorityHost)) {
		throw new ConfigurationError(
			settings.authorityHost.key,
			`is "${authorityHost}"; it takes an address with https://, for Microsoft's sign-in library takes no other`,
		);
	}
	const known = Object.values(ADDRESSES).some(
		(cloud) => cloud.authority === authorityHost.replace(/\/$/, ""),
	);
	return known ? { authorityHost } : { authorityHost, disableInstanceDiscovery: true };
}

function nationalAuthority(reader: SettingReader, settings: EntraSettings): string | undefined {
	const cloud = cloudOf(reader, settings.cloud);
	return cloud === "public" ? undefined : ADDRESSES[cloud].authority;
}

function federatedToken(reader: SettingReader, settings: EntraSettings): () => Promise<string> {
	const token = reader.get(settings.oidcToken);
	if (token !== undefined) return async () => token;
	const file = reader.get(settings.oidcTokenFile);
	if (file !== undefined) return async () => (await readFile(file, "utf8")).trim();
	const url = reader.env("ACTIONS_ID_TOKEN_REQUEST_URL");
	const bearer = reader.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
	if (url !== undefined && bearer !== undefined) {
		const audience = ADDRESSES[cloudOf(reader, settings.cloud)].federation;
		return () => githubToken(url, bearer, { audience });
	}
	throw new ConfigurationError(
		settings.oidcToken.key,
		`is not set, nor is ${settings.oidcTokenFile.key}, and this is no GitHub Actions job with \`permissions: id-token: write\``,
	);
}
