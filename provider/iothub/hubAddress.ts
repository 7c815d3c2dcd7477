import { formatHostName, getHostNameType, normalizeHostName, normalizeHubName } from "../hubName.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { parseServiceOrigin } from "../settings/serviceOrigin.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

const HOST_NAME_PATTERN =
	/^(?=.{1,260}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:\d{1,5})?$/;

/** Whether the text is the host name of a hub as in a connection string: without scheme and path, optionally with a port. */
export function isHostName(text: string): boolean {
	return HOST_NAME_PATTERN.test(text);
}

const { key: ENDPOINT_KEY } = IOTHUB_SETTINGS.endpoint;

/**
 * Returns the origin of a hub: the configured endpoint, or https.
 *
 * @param hostName the hub's configured host name, of any kind
 * @throws ConfigurationError if the endpoint is invalid, or is the host name for devices
 */
export function resolveOrigin(reader: SettingReader, hostName: string): string {
	const url = findEndpoint(reader.get(IOTHUB_SETTINGS.endpoint), normalizeHostName(hostName));
	if (url === undefined) return `https://${hostName}`;
	const origin = parseServiceOrigin(ENDPOINT_KEY, url);
	refuseDeviceHostName(ENDPOINT_KEY, new URL(origin).host);
	return origin;
}

/**
 * Throws a ConfigurationError if a setting names a hub by the host name that only devices use ("TLS support in IoT Hub", Microsoft
 * Learn).
 *
 * @param key the setting's key, for the message
 */
export function refuseDeviceHostName(key: string, hostName: string): void {
	if (getHostNameType(hostName) !== "device") return;
	const hub = normalizeHubName(hostName);
	throw new ConfigurationError(
		key,
		`has the host name ${normalizeHostName(hostName)}, which is only for devices. Use ${formatHostName(hub, "service")} or ${hub}, as ` +
			"`az iot hub connection-string show` prints them with `--hostname-type service` and `--hostname-type classic`. `pulumi destroy` and " +
			"`pulumi refresh` use the configuration of the last `up`: add `--run-program` for the new one",
	);
}

/** Whether the settings name the origin of a hub, so that its host name does not determine where requests go. */
export function hasConfiguredOrigin(reader: SettingReader, host: string): boolean {
	return findEndpoint(reader.get(IOTHUB_SETTINGS.endpoint), host) !== undefined;
}

function findEndpoint(text: string | undefined, host: string): string | undefined {
	if (text === undefined || !text.trim().startsWith("{")) return text?.trim();
	const byHost = parseEndpointsByHost(text);
	const endpoints = Object.entries(byHost);
	const [, found] =
		endpoints.find(([name]) => normalizeHostName(name) === host) ??
		endpoints.find(([name]) => normalizeHubName(name) === normalizeHubName(host)) ??
		[];
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
