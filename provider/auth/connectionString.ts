import { ConfigurationError } from "../settings/reader.ts";

/** The fields of a hub's connection string. */
export interface ConnectionString {
	readonly hostName: string;
	readonly access: { readonly policy: string; readonly key: string } | { readonly signature: string };
}

const EXAMPLE_CONNECTION_STRING =
	"HostName=<hub>.azure-devices.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>";

/**
 * Parses a connection string: `Name=value` pairs in any order, where a value may contain `=`. Errors do not repeat values.
 *
 * @param key the setting's key, for the message
 */
export function parseConnectionString(key: string, text: string): ConnectionString {
	const fields = new Map(text.split(";").flatMap(parsePair));
	if (fields.has("deviceid")) {
		throw new ConfigurationError(
			key,
			`is a device's connection string (it has a DeviceId); it must be the hub's: ${EXAMPLE_CONNECTION_STRING}`,
		);
	}
	const hostName = fields.get("hostname");
	if (!hostName)
		throw new ConfigurationError(key, `has no HostName; it must look like ${EXAMPLE_CONNECTION_STRING}`);
	return { hostName, access: parseAccess(key, fields) };
}

function parseAccess(key: string, fields: ReadonlyMap<string, string>): ConnectionString["access"] {
	const policy = fields.get("sharedaccesskeyname");
	const policyKey = fields.get("sharedaccesskey");
	const signature = fields.get("sharedaccesssignature");
	if (signature && policyKey) {
		throw new ConfigurationError(
			key,
			"has both a SharedAccessKey and a SharedAccessSignature; keep one of them",
		);
	}
	if (signature) return { signature };
	if (!policy || !policyKey) {
		throw new ConfigurationError(
			key,
			`needs SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature: ${EXAMPLE_CONNECTION_STRING}`,
		);
	}
	return { policy, key: policyKey };
}

function parsePair(text: string): [string, string][] {
	const separator = text.indexOf("=");
	return separator < 0
		? []
		: [[text.slice(0, separator).trim().toLowerCase(), text.slice(separator + 1).trim()]];
}
