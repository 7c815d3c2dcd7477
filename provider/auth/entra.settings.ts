import type { Setting } from "../settings/reader.ts";
import { CLOUDS } from "./clouds.ts";

/** Methods of signing in to Microsoft Entra: the values of the setting `credential`. */
export const ENTRA_METHODS = [
	"clientSecret",
	"clientCertificate",
	"oidc",
	"azurePipelines",
	"managedIdentity",
	"azureCli",
] as const;

/** A method of signing in to Microsoft Entra. */
export type EntraMethod = (typeof ENTRA_METHODS)[number];

/** The settings of a sign-in to Entra in one namespace. */
export type EntraSettings = ReturnType<typeof createEntraSettings>;

/**
 * Creates the settings by which a namespace (`iothub`) signs in to Entra. The environment variables are those of the Azure
 * SDKs, then those of Pulumi's Azure providers. The SDKs have none for the cloud, so both of its variables are the providers'.
 */
export function createEntraSettings(namespace: string) {
	const createSetting = (name: string, env: string[], rest: Omit<Setting, "key" | "env">): Setting => ({
		key: `${namespace}:${name}`,
		env,
		...rest,
	});
	return {
		credential: createSetting("credential", [`${namespace.toUpperCase()}_CREDENTIAL`], {
			example: "oidc",
			meaning: `How to sign in to Entra: ${ENTRA_METHODS.join(", ")}. By default what the other settings and the environment offer, in this order.`,
		}),
		tenantId: createSetting("tenantId", ["AZURE_TENANT_ID", "ARM_TENANT_ID"], {
			example: "<tenant id>",
			meaning: "The Entra tenant.",
		}),
		clientId: createSetting("clientId", ["AZURE_CLIENT_ID", "ARM_CLIENT_ID"], {
			example: "<application id>",
			meaning: "The application, or the user-assigned managed identity.",
		}),
		clientSecret: createSetting("clientSecret", ["AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET"], {
			secret: true,
			example: "<secret>",
			meaning: "The application's secret.",
		}),
		certificatePath: createSetting(
			"clientCertificatePath",
			["AZURE_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_CERTIFICATE_PATH"],
			{
				example: "<file>.pem",
				meaning: "A PEM file with the application's certificate and private key.",
			},
		),
		certificatePassword: createSetting(
			"clientCertificatePassword",
			["AZURE_CLIENT_CERTIFICATE_PASSWORD", "ARM_CLIENT_CERTIFICATE_PASSWORD"],
			{ secret: true, example: "<password>", meaning: "The password of that file's private key." },
		),
		oidcToken: createSetting("oidcToken", ["ARM_OIDC_TOKEN"], {
			secret: true,
			example: "<token>",
			meaning: "A federated token to sign in with (workload identity).",
		}),
		oidcTokenFile: createSetting(
			"oidcTokenFile",
			["AZURE_FEDERATED_TOKEN_FILE", "ARM_OIDC_TOKEN_FILE_PATH"],
			{
				example: "<file>",
				meaning: "A file that holds the federated token, read anew for each sign-in.",
			},
		),
		serviceConnectionId: createSetting("serviceConnectionId", ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"], {
			example: "<id>",
			meaning: "The Azure Pipelines service connection to sign in with.",
		}),
		cloud: createSetting("cloud", ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"], {
			example: "usgovernment",
			meaning: `Microsoft's cloud: ${CLOUDS.join(", ")} (default ${CLOUDS[0]}).`,
		}),
		authorityHost: createSetting("authorityHost", ["AZURE_AUTHORITY_HOST"], {
			example: "https://login.microsoftonline.us",
			meaning: "Entra's address, if it is not the cloud's.",
		}),
	} as const;
}
