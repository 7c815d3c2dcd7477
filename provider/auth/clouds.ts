import { ConfigurationError, type Setting, type SettingReader } from "../settings/reader.ts";

/** Names of the Azure clouds, as Pulumi's and Terraform's providers spell them. The second US cloud has its own Graph. */
export const CLOUDS = ["public", "usgovernment", "usgovernmentdod", "china"] as const;

/** The name of an Azure cloud. */
export type Cloud = (typeof CLOUDS)[number];

/** Endpoints of one Azure cloud. */
export interface CloudEndpoints {
	/** Entra's origin, which issues tokens. */
	readonly authorityHost: string;
	/** The audience (`aud`) that a federated token must have. */
	readonly tokenExchangeAudience: string;
	/** Microsoft Graph's origin; with `/.default` it is the scope of its tokens. */
	readonly graphOrigin: string;
	/** The scope of tokens for IoT Hub's data plane. */
	readonly iotHubScope: string;
	/** The domain of IoT Hub host names. */
	readonly iotHubHostSuffix: string;
}

/**
 * Endpoints of each cloud.
 *
 * Entra and Graph: "Microsoft Graph national cloud deployments". Federation: "Configure an application to trust a
 * managed identity". IoT Hub's scopes: `IotHubAuthenticationScopes` of the Azure SDKs for .NET and Java.
 *
 * Not verified: no scope outside the public cloud was tried against the service. China has IoT Hub's public scope because
 * those SDKs know only two. The scope and the host names of the Department of Defense are assumed to be the government's.
 * `hashicorp/go-azure-sdk` requests tokens for its Graph with that Graph's own host as the scope; at least one other program
 * uses the government's.
 */
export const CLOUD_ENDPOINTS: Readonly<Record<Cloud, CloudEndpoints>> = {
	public: {
		authorityHost: "https://login.microsoftonline.com",
		tokenExchangeAudience: "api://AzureADTokenExchange",
		graphOrigin: "https://graph.microsoft.com",
		iotHubScope: "https://iothubs.azure.net/.default",
		iotHubHostSuffix: "azure-devices.net",
	},
	usgovernment: {
		authorityHost: "https://login.microsoftonline.us",
		tokenExchangeAudience: "api://AzureADTokenExchangeUSGov",
		graphOrigin: "https://graph.microsoft.us",
		iotHubScope: "https://iothubs.azure.us/.default",
		iotHubHostSuffix: "azure-devices.us",
	},
	usgovernmentdod: {
		authorityHost: "https://login.microsoftonline.us",
		tokenExchangeAudience: "api://AzureADTokenExchangeUSGov",
		graphOrigin: "https://dod-graph.microsoft.us",
		iotHubScope: "https://iothubs.azure.us/.default",
		iotHubHostSuffix: "azure-devices.us",
	},
	china: {
		authorityHost: "https://login.chinacloudapi.cn",
		tokenExchangeAudience: "api://AzureADTokenExchangeChina",
		graphOrigin: "https://microsoftgraph.chinacloudapi.cn",
		iotHubScope: "https://iothubs.azure.net/.default",
		iotHubHostSuffix: "azure-devices.cn",
	},
};

/** Names that other programs use: Pulumi's azure-native, Terraform's azurerm and azuread, the Azure CLI. */
const CLOUD_ALIASES: ReadonlyMap<string, Cloud> = new Map<string, Cloud>([
	["global", "public"],
	["azurecloud", "public"],
	["azurepubliccloud", "public"],
	["usgov", "usgovernment"],
	["usgovernmentl4", "usgovernment"],
	["azureusgovernment", "usgovernment"],
	["azureusgovernmentcloud", "usgovernment"],
	["dod", "usgovernmentdod"],
	["usgovernmentl5", "usgovernmentdod"],
	["azurechinacloud", "china"],
]);

/**
 * Returns the cloud that a setting names, case-insensitively and by any known alias; `public` if it is not set. An unknown
 * name is an error even if it comes from the environment: credentials for one cloud must not be sent to another.
 */
export function readCloud(reader: SettingReader, setting: Setting): Cloud {
	const found = reader.getWithSource(setting);
	if (found === undefined) return "public";
	const { text, variable } = found;
	const name = text.trim().toLowerCase();
	const cloud = CLOUDS.find((candidate) => candidate === name) ?? CLOUD_ALIASES.get(name);
	if (cloud !== undefined) return cloud;
	const [source, remedy] =
		variable === undefined
			? ["", ""]
			: [
					` in the environment variable ${variable}`,
					"; the configuration takes precedence over the variable",
				];
	const validNames = CLOUDS.map((validName) => `"${validName}"`).join(" or ");
	throw new ConfigurationError(setting.key, `is "${text}"${source}; it must be ${validNames}${remedy}`);
}
