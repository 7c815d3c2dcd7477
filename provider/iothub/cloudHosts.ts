import { CLOUD_ENDPOINTS, CLOUDS, type Cloud, readCloud } from "../auth/clouds.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import { redactSecrets } from "../text/sanitize.ts";
import { IOTHUB_SETTINGS } from "./settings.ts";

/** Matches what precedes a cloud's domain in the names of a hub ("TLS support in IoT Hub"): `my-hub.`, `my-hub.service.`. */
const HUB_LABELS = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.(?:device|service))?\.$/;

/**
 * Throws unless the host is a hub of the configured cloud. A host name can come from a state that somebody else wrote, and a token of
 * Microsoft Entra is valid for every hub of its identity, so no other host may receive one.
 *
 * @param host the host name in lower case, as requests are sent to it: any text, if it comes from state
 * @throws ConfigurationError that says how to allow the host
 */
export function requireCloudHost(reader: SettingReader, host: string): void {
	const cloud = readCloud(reader, IOTHUB_SETTINGS.cloud);
	if (isHostOf(cloud, host)) return;
	const { endpoint } = IOTHUB_SETTINGS;
	const example = '\'{"<host>":"https://<host>"}\'';
	throw new ConfigurationError(
		endpoint.key,
		`does not name the hub "${redactSecrets(host, 100)}", and its host is not one of the cloud "${cloud}" ` +
			`(<hub>.${CLOUD_ENDPOINTS[cloud].iotHubHostSuffix}). A token of Microsoft Entra is sent to no other host, so the sign-in was not tried. ` +
			`${suggestCloud(host)}If the name is wrong, correct it. To trust the host, name its address: ${reader.describeHowToSet({ ...endpoint, example })}`,
	);
}

function isHostOf(cloud: Cloud, host: string): boolean {
	const suffix = CLOUD_ENDPOINTS[cloud].iotHubHostSuffix;
	return host.endsWith(suffix) && HUB_LABELS.test(host.slice(0, -suffix.length));
}

/** Returns a sentence about the clouds that have such a host, with a space after it; empty if none has. */
function suggestCloud(host: string): string {
	const names = CLOUDS.filter((cloud) => isHostOf(cloud, host)).map((cloud) => `"${cloud}"`);
	return names.length === 0
		? ""
		: `For this host, ${IOTHUB_SETTINGS.cloud.key} must be ${names.join(" or ")}. `;
}
