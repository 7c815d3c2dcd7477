/** The kinds of host names of one hub, as `az iot hub connection-string show --hostname-type` names them. */
export const HOST_NAME_TYPES = ["classic", "device", "service"] as const;

/** A kind of host name: `classic` for everyone, `device` only for devices, `service` only for back ends. */
export type HostNameType = (typeof HOST_NAME_TYPES)[number];

/** A host name of the kind `device` or `service`: the hub's own label, the kind, the domain of a known cloud, and a port. */
const TYPED_HOST_NAME = /^([a-z0-9-]+)\.(device|service)\.(azure-devices\.(?:net|us|cn)(?::\d+)?)$/;

/** A classic host name: the hub's own label, the domain of a known cloud, and a port. */
const CLASSIC_HOST_NAME = /^([a-z0-9-]+)\.(azure-devices\.(?:net|us|cn)(?::\d+)?)$/;

/**
 * Returns the name that identifies a hub. A hub has three host names, `<hub>.azure-devices.net`, `<hub>.device.azure-devices.net` and
 * `<hub>.service.azure-devices.net` ("TLS support in IoT Hub", Microsoft Learn). They are one hub in state, ids and messages.
 *
 * @param hostName any of them, in any case, with or without the dot at the end
 * @returns the classic name in lower case (RFC 4343); any other host name only in lower case
 */
export function normalizeHubName(hostName: string): string {
	return normalizeHostName(hostName).replace(TYPED_HOST_NAME, "$1.$3");
}

/** Returns a host name in lower case, without the dot that ends an absolute domain name. It stays of its kind. */
export function normalizeHostName(hostName: string): string {
	return hostName.toLowerCase().replace(/\.(?=(?::\d+)?$)/, "");
}

/** Returns the kind of a host name; `classic` also for a host outside the known clouds, which has only one name. */
export function getHostNameType(hostName: string): HostNameType {
	const type = TYPED_HOST_NAME.exec(normalizeHostName(hostName))?.[2];
	return HOST_NAME_TYPES.find((each) => each === type) ?? "classic";
}

/**
 * Returns the host name of one kind.
 *
 * @param hubName the result of {@link normalizeHubName}; a host outside the known clouds has only this name
 */
export function formatHostName(hubName: string, type: HostNameType): string {
	return type === "classic" ? hubName : hubName.replace(CLASSIC_HOST_NAME, `$1.${type}.$2`);
}
