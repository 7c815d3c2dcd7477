import { CLOUD_ENDPOINTS, type CloudEndpoints, readCloud } from "../auth/clouds.ts";
import { type ConnectionString, parseConnectionString } from "../auth/connectionString.ts";
import { getHostNameType, normalizeHostName, normalizeHubName } from "../hubName.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { isHostName } from "./hubAddress.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

const SETTING = IOTHUB_SETTINGS.connectionString;

/**
 * Returns the configured connection strings, each with its host name normalized but of its kind; empty if none is configured.
 *
 * @throws ConfigurationError for a string that cannot be a hub's, and for two of the same host name
 */
export function readConnectionStrings(reader: SettingReader): readonly ConnectionString[] {
	const found = reader.getWithSource(SETTING);
	if (found === undefined) return [];
	const remedy = describeRemedy(reader, found.variable);
	const texts = splitConnectionStrings(found.text);
	const strings = texts.map((text, index) => {
		const position = texts.length === 1 ? "" : `It is number ${index + 1} of ${texts.length}. `;
		const source = { key: SETTING.key, remedy: `${position}${remedy}` };
		const { hostName, access } = parseConnectionString(source, text);
		return { hostName: requireHostName(reader, hostName, SETTING.key), access };
	});
	if (new Set(strings.map(({ hostName }) => hostName)).size === strings.length) return strings;
	throw new ConfigurationError(SETTING.key, "contains two connection strings for the same hub; keep one");
}

/** Returns the sentence that says how to set the right connection string at the place where the wrong one is. */
function describeRemedy(reader: SettingReader, variable: string | undefined): string {
	const command =
		"`az iot hub connection-string show --hub-name <hub> --policy-name registryReadWrite --query connectionString --output tsv`";
	const howToSet =
		variable === undefined
			? reader.describeHowToSet(SETTING)
			: `Set the environment variable that contains it: \`export ${variable}=${SETTING.example}\`.`;
	return `${howToSet} The Azure CLI prints it: ${command}.`;
}

/** Returns the connection string of each hub by the name that identifies it: of several, the one with the host name of the service. */
export function indexByHub(
	connectionStrings: readonly ConnectionString[],
): ReadonlyMap<string, ConnectionString> {
	const byHub = new Map<string, ConnectionString>();
	for (const string of connectionStrings) {
		const hubName = normalizeHubName(string.hostName);
		if (!byHub.has(hubName) || getHostNameType(string.hostName) === "service") byHub.set(hubName, string);
	}
	return byHub;
}

/** Splits a setting of one connection string, one per line, or the JSON list that `pulumi config set --path` writes. */
function splitConnectionStrings(text: string): string[] {
	const trimmed = text.trim();
	if (trimmed.startsWith("{")) return [trimmed];
	const items = trimmed.startsWith("[") ? parseJsonList(trimmed) : trimmed.split(/\r?\n/);
	return items.map((item) => item.trim()).filter((item) => item !== "");
}

function parseJsonList(text: string): string[] {
	try {
		const list: unknown = JSON.parse(text);
		if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
	} catch {
		// The error below does not contain the text, because the text contains keys.
	}
	throw new ConfigurationError(SETTING.key, "begins with [ but is not a JSON list of strings");
}

/** Returns the endpoints of the configured cloud. */
export function getCloudEndpoints(reader: SettingReader): CloudEndpoints {
	return CLOUD_ENDPOINTS[readCloud(reader, IOTHUB_SETTINGS.cloud)];
}

/**
 * Returns the host name, normalized but of its kind. Throws a ConfigurationError if it is none.
 *
 * @param key the key of the setting that contains it
 */
export function requireHostName(reader: SettingReader, host: string, key: string): string {
	if (isHostName(normalizeHostName(host))) return normalizeHostName(host);
	const subject = key === SETTING.key ? "has HostName" : "is";
	throw new ConfigurationError(
		key,
		`${subject} "${redactSecrets(host, 100)}", which is not a host name; write it like my-hub.${getCloudEndpoints(reader).iotHubHostSuffix}, without https:// and without a path`,
	);
}
