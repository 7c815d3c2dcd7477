import { ConfigurationError } from "../settings/reader.ts";

/** A hub-level connection string, taken apart. */
export interface ConnectionString {
	readonly hostName: string;
	readonly access: { readonly policy: string; readonly key: string } | { readonly signature: string };
}

const SETTING_KEY = "iothub:connectionString";
const EXAMPLE_CONNECTION_STRING =
	"HostName=<hub>.azure-devices.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>";

/** Reads `Name=value` pairs in any order; a value may hold `=` itself. Nothing of the value reaches an error. */
export function parseConnectionString(text: string): ConnectionString {
	const fields = new Map(text.split(";").flatMap(parsePair));
	if (fields.has("deviceid")) {
		throw new ConfigurationError(
			SETTING_KEY,
			`is a device's connection string (it has a DeviceId); it must be the hub's: ${EXAMPLE_CONNECTION_STRING}`,
		);
	}
	const hostName = fields.get("hostname");
	if (!hostName)
		throw new ConfigurationError(
			SETTING_KEY,
			`has no HostName; it must look like ${EXAMPLE_CONNECTION_STRING}`,
		);
	return { hostName, access: parseAccess(fields) };
}

function parseAccess(fields: ReadonlyMap<string, string>): ConnectionString["access"] {
	const policy = fields.get("sharedaccesskeyname");
	const key = fields.get("sharedaccesskey");
	const signature = fields.get("sharedaccesssignature");
	if (signature && key) {
		throw new ConfigurationError(
			SETTING_KEY,
			"has both a SharedAccessKey and a SharedAccessSignature; keep one of them",
		);
	}
	if (signature) return { signature };
	if (!policy || !key) {
		throw new ConfigurationError(
			SETTING_KEY,
			`needs SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature: ${EXAMPLE_CONNECTION_STRING}`,
		);
	}
	return { policy, key };
}

function parsePair(text: string): [string, string][] {
	const separator = text.indexOf("=");
	return separator < 0
		? []
		: [[text.slice(0, separator).trim().toLowerCase(), text.slice(separator + 1).trim()]];
}
