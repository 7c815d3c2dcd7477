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
			description: `The sign-in method: ${ENTRA_METHODS.map((name) => `\`${name}\``).join(", ")}.`,
			default: "the first method, in this order, for which the settings and the environment suffice",
		}),
		tenantId: createSetting("tenantId", ["AZURE_TENANT_ID", "ARM_TENANT_ID"], {
			example: "<tenant id>",
			description: "The Entra tenant.",
		}),
		clientId: createSetting("clientId", ["AZURE_CLIENT_ID", "ARM_CLIENT_ID"], {
			example: "<application id>",
			description: "The id of the application or of the user-assigned managed identity.",
		}),
		clientSecret: createSetting("clientSecret", ["AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET"], {
			secret: true,
			example: "<secret>",
			description: "The secret of the application.",
		}),
		certificatePath: createSetting(
			"clientCertificatePath",
			["AZURE_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_CERTIFICATE_PATH"],
			{
				example: "<file>.pem",
				description: "A PEM file with the certificate and the private key of the application.",
			},
		),
		certificatePassword: createSetting(
			"clientCertificatePassword",
			["AZURE_CLIENT_CERTIFICATE_PASSWORD", "ARM_CLIENT_CERTIFICATE_PASSWORD"],
			{ secret: true, example: "<password>", description: "The password of the private key in that file." },
		),
		oidcToken: createSetting("oidcToken", ["ARM_OIDC_TOKEN"], {
			secret: true,
			example: "<token>",
			description:
				"A federated token (workload identity). GitHub Actions needs neither this nor `oidcTokenFile`: `permissions: id-token: write` is enough.",
		}),
		oidcTokenFile: createSetting(
			"oidcTokenFile",
			["AZURE_FEDERATED_TOKEN_FILE", "ARM_OIDC_TOKEN_FILE_PATH"],
			{
				example: "<file>",
				description: "A file with the federated token. It is read again for each sign-in.",
			},
		),
		serviceConnectionId: createSetting("serviceConnectionId", ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"], {
			example: "<id>",
			description:
				"The service connection of Azure Pipelines. The step needs the variable `SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.",
		}),
		cloud: createSetting("cloud", ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"], {
			example: "usgovernment",
			description: `Microsoft's cloud: ${CLOUDS.map((name) => `\`${name}\``).join(", ")}, or the name that Terraform or the Azure CLI has for it. It determines the address of Entra, the scopes of tokens, and the hosts to which they are sent.`,
			default: `\`${CLOUDS[0]}\``,
		}),
		authorityHost: createSetting("authorityHost", ["AZURE_AUTHORITY_HOST"], {
			example: "https://login.microsoftonline.us",
			description: "The address of Entra, if it is not that of the cloud.",
		}),
	} as const;
}
