import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { parseServiceOrigin } from "../settings/serviceOrigin.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

const HOST_NAME_PATTERN =
	/^(?=.{1,260}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:\d{1,5})?$/;

/** Whether the text is the host name of a hub as in a connection string: without scheme and path, optionally with a port. */
export function isHostName(text: string): boolean {
	return HOST_NAME_PATTERN.test(text);
}

/** Returns the host name in lower case, in which host names are compared and stored (RFC 4343). */
export function normalizeHostName(text: string): string {
	return text.toLowerCase();
}

const { key: ENDPOINT_KEY } = IOTHUB_SETTINGS.endpoint;

/** Returns the origin of a hub: the configured endpoint, or https. */
export function resolveOrigin(reader: SettingReader, host: string): string {
	const url = findEndpoint(reader.get(IOTHUB_SETTINGS.endpoint), host);
	return url === undefined ? `https://${host}` : parseServiceOrigin(ENDPOINT_KEY, url);
}

/** Whether the settings name the origin of a hub, so that its host name does not determine where requests go. */
export function hasConfiguredOrigin(reader: SettingReader, host: string): boolean {
	return findEndpoint(reader.get(IOTHUB_SETTINGS.endpoint), host) !== undefined;
}

function findEndpoint(text: string | undefined, host: string): string | undefined {
	if (text === undefined || !text.trim().startsWith("{")) return text?.trim();
	const byHost = parseEndpointsByHost(text);
	const found = Object.entries(byHost).find(([name]) => name.toLowerCase() === host)?.[1];
	if (found === undefined || typeof found === "string") return found;
	throw new ConfigurationError(
		ENDPOINT_KEY,
		`has a value for hub ${host} that is not a string; it must be an origin such as https://127.0.0.1:8443`,
	);
}

function parseEndpointsByHost(text: string): object {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === "object" && value !== null) return value;
	} catch {
		// Reported below.
	}
	throw new ConfigurationError(
		ENDPOINT_KEY,
		"begins with { but is not a JSON object of host names and origins",
	);
}
