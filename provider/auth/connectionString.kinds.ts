/** Fields that only connection strings of other services and of devices have, in lower case, each with its owner. */
const FOREIGN_FIELDS: readonly (readonly [names: readonly string[], owner: string])[] = [
	[
		["endpoint", "entitypath"],
		"of Event Hubs or Service Bus (Endpoint=sb://…), also if it is of a hub's built-in endpoint",
	],
	[["defaultendpointsprotocol", "accountname", "accountkey"], "of a storage account"],
	[["moduleid"], "of a module of a device (it has a ModuleId)"],
	[["deviceid"], "of a device (it has a DeviceId)"],
	[["x509", "gatewayhostname"], "of a device (it has a field that only devices have)"],
];

/** Matches the host names of the Device Provisioning Service, and those of Event Hubs and Service Bus. */
const FOREIGN_HOSTS: readonly (readonly [pattern: RegExp, owner: string])[] = [
	[
		/(?:^|\.)azure-devices-provisioning\.[a-z]+(?::\d+)?[./]*$/i,
		"of the Device Provisioning Service (azure-devices-provisioning.net), which has other policies than its hubs",
	],
	[/\.servicebus\.[a-z.]+(?::\d+)?[./]*$/i, "of Event Hubs or Service Bus"],
];

/**
 * Returns the problem of a connection string that is not a hub's, by its fields and its host; undefined if it may be a hub's.
 *
 * @param fields the values by name in lower case
 */
export function findKindProblem(fields: ReadonlyMap<string, string>): string | undefined {
	const hostName = fields.get("hostname") ?? "";
	const owner =
		FOREIGN_HOSTS.find(([pattern]) => pattern.test(hostName))?.[1] ??
		FOREIGN_FIELDS.find(([names]) => names.some((name) => fields.has(name)))?.[1];
	return owner === undefined ? undefined : `is a connection string ${owner}; it must be one of a hub`;
}

/** A host of a cloud with a port ("TLS support in IoT Hub", Microsoft Learn, has no host name with one). */
const CLOUD_HOST_WITH_PORT = /^([a-z0-9-]+(?:\.(?:service|device))?\.azure-devices\.[a-z]+)\.?:\d+$/i;

/** A host name that can be repeated in a message. */
const PLAIN_HOST = /^[a-z0-9.-]{1,253}$/i;

/**
 * Returns what is around a host name: a scheme, a path or, for a hub of a cloud, a port; undefined if nothing is. A port is part of
 * what a token is signed for and of the hub's name in state, so only a hub at another address, such as an emulator, has one.
 */
export function findHostProblem(hostName: string): string | undefined {
	const [, scheme = "", afterScheme = hostName] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(hostName) ?? [];
	const host = afterScheme.replace(/[/?#].*$/s, "");
	if (scheme !== "") return `has a HostName with a scheme (\`scheme://\`)${suggestHost(host)}`;
	if (host !== hostName) return `has a HostName with a path${suggestHost(host)}`;
	return CLOUD_HOST_WITH_PORT.test(host) ? `has a HostName with a port${suggestHost(host)}` : undefined;
}

function suggestHost(host: string): string {
	const name = CLOUD_HOST_WITH_PORT.exec(host)?.[1] ?? host;
	return PLAIN_HOST.test(name) ? `; write only HostName=${name}` : "; write only the name of the host";
}
