import { ConfigurationError } from "../settings/errors.ts";
import type { SettingReader } from "../settings/reader.ts";
import { isLoopback } from "./hostName.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

const { key } = IOTHUB_SETTINGS.endpoint;

/** Where the hub is reached. Plain http never leaves the machine, for a token sent over it is anybody's. */
export function originOf(reader: SettingReader, host: string): string {
	const url = endpointOf(reader.get(IOTHUB_SETTINGS.endpoint), host);
	if (url === undefined) return `https://${host}`;
	const { protocol, hostname, origin, pathname, search } = parsed(url);
	const plain = protocol === "http:";
	if (plain && !isLoopback(hostname)) {
		throw new ConfigurationError(
			key,
			`is plain http to ${hostname}; that is possible only to this machine (localhost, 127.0.0.1)`,
		);
	}
	if ((plain || protocol === "https:") && pathname === "/" && search === "") return origin;
	throw new ConfigurationError(
		key,
		`is "${url}"; it takes an origin such as https://127.0.0.1:8443, without a path`,
	);
}

function endpointOf(text: string | undefined, host: string): string | undefined {
	if (text === undefined || !text.trim().startsWith("{")) return text?.trim();
	const byHost = objectOf(text);
	const found = Object.entries(byHost).find(([name]) => name.toLowerCase() === host)?.[1];
	if (found === undefined || typeof found === "string") return found;
	throw new ConfigurationError(
		key,
		`has no text for hub ${host}; it takes origins such as https://127.0.0.1:8443`,
	);
}

function objectOf(text: string): object {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === "object" && value !== null) return value;
	} catch {
		// Said below.
	}
	throw new ConfigurationError(key, "begins like an object but is no JSON object of host names and origins");
}

function parsed(url: string): URL {
	if (URL.canParse(url)) return new URL(url);
	throw new ConfigurationError(key, `is "${url}", which is no URL; write it like https://127.0.0.1:8443`);
}
