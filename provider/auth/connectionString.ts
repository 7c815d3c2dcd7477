import { ConfigurationError } from "../settings/errors.ts";

/** A hub-level connection string, taken apart. */
export interface ConnectionString {
	readonly hostName: string;
	readonly access: { readonly policy: string; readonly key: string } | { readonly signature: string };
}

const SETTING = "iothub:connectionString";
const EXAMPLE = "HostName=<hub>.azure-devices.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>";

/** Reads `Name=value` pairs in any order; a value may hold `=` itself. Nothing of the value reaches an error. */
export function parseConnectionString(text: string): ConnectionString {
	const fields = new Map(text.split(";").flatMap(pair));
	if (fields.has("deviceid")) {
		throw new ConfigurationError(
			SETTING,
			`is a device's connection string (it has a DeviceId); it must be the hub's: ${EXAMPLE}`,
		);
	}
	const hostName = fields.get("hostname");
	if (!hostName) throw new ConfigurationError(SETTING, `has no HostName; it must look like ${EXAMPLE}`);
	return { hostName, access: accessOf(fields) };
}

function accessOf(fields: ReadonlyMap<string, string>): ConnectionString["access"] {
	const policy = fields.get("sharedaccesskeyname");
	const key = fields.get("sharedaccesskey");
	const signature = fields.get("sharedaccesssignature");
	if (signature && key) {
		throw new ConfigurationError(
			SETTING,
			"has both a SharedAccessKey and a SharedAccessSignature; keep one of them",
		);
	}
	if (signature) return { signature };
	if (!policy || !key) {
		throw new ConfigurationError(
			SETTING,
			`needs SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature: ${EXAMPLE}`,
		);
	}
	return { policy, key };
}

function pair(item: string): [string, string][] {
	const equals = item.indexOf("=");
	return equals < 0 ? [] : [[item.slice(0, equals).trim().toLowerCase(), item.slice(equals + 1).trim()]];
}
