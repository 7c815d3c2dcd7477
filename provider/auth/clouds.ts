import { ConfigurationError, type Setting, type SettingReader } from "../settings/reader.ts";

/** The clouds of Microsoft, as Pulumi's and Terraform's providers name them; the second one of the US has its own Graph. */
export const CLOUDS = ["public", "usgovernment", "usgovernmentdod", "china"] as const;

/** One of Microsoft's clouds. */
export type Cloud = (typeof CLOUDS)[number];

/** Where a cloud has what we talk to. */
export interface CloudEndpoints {
	/** Entra's origin, where tokens are asked for. */
	readonly authorityHost: string;
	/** What a federated token must be meant for, in its `aud`. */
	readonly tokenExchangeAudience: string;
	/** Microsoft Graph's origin; with `/.default` the scope of its tokens. */
	readonly graphOrigin: string;
	/** The scope of tokens for IoT Hub's data plane. */
	readonly iotHubScope: string;
	/** What the names of its hubs end in. */
	readonly iotHubHostSuffix: string;
}

/**
 * The addresses of each cloud.
 *
 * Entra and Graph: "Microsoft Graph national cloud deployments". Federation: "Configure an application to trust a
 * managed identity". IoT Hub's scopes: `IotHubAuthenticationScopes` of the Azure SDKs for .NET and Java.
 *
 * Thin evidence: China has IoT Hub's public scope only because those SDKs know no third one, and none of the scopes
 * outside the public cloud was tried against the service. That the Department of Defense has the government's scope
 * and names for its hubs is inferred. That tokens for its Graph are asked for by that Graph's own host is so in
 * `hashicorp/go-azure-sdk`; at least one other program asks by the government's.
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

/** What other programs call them: Pulumi's azure-native, Terraform's azurerm and azuread, the Azure CLI. */
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
 * The cloud that a setting names, in any case and by any of the names in use; `public` where nothing is set. An unknown
 * name is an error even if it comes from the environment: what is meant for one cloud must not go to another.
 */
export function readCloud(reader: SettingReader, setting: Setting): Cloud {
	const text = reader.get(setting);
	if (text === undefined) return "public";
	const name = text.trim().toLowerCase();
	const cloud = CLOUDS.find((candidate) => candidate === name) ?? CLOUD_ALIASES.get(name);
	if (cloud !== undefined) return cloud;
	const variable = findVariable(reader, setting);
	const [source, remedy] =
		variable === undefined
			? ["", ""]
			: [` by the environment variable ${variable}`, "; the configuration counts before the variable"];
	const validNames = CLOUDS.map((word) => `"${word}"`).join(" or ");
	throw new ConfigurationError(setting.key, `is "${text}"${source}; it takes ${validNames}${remedy}`);
}

/** The environment variable that the setting's text is from, if it is from one. */
function findVariable(reader: SettingReader, setting: Setting): string | undefined {
	if (reader.get({ ...setting, env: [] }) !== undefined) return undefined;
	return setting.env.find((name) => reader.getEnvironmentVariable(name) !== undefined);
}
