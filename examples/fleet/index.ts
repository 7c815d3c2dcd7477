/**
 * Declares the devices of a data file, fleet.yaml, as single resources.
 *
 *     npm run build
 *     pulumi config set --secret iothub:connectionString 'HostName=…'
 *     pulumi config set --secret groupKey "$(openssl rand -base64 32)"
 *     pulumi up
 *
 * `pulumi config set file FILE` selects a different data file; a relative path begins at the root of the project.
 */
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DeviceIdentity, type DeviceIdentityArgs } from "pulumi-device-identity";
import { authenticationOf } from "./authentication";
import type { Device } from "./device";
import { readFleet } from "./readFleet";

const file = new pulumi.Config().get("file") ?? join(__dirname, "fleet.yaml");
const fleet = readFleet(resolve(pulumi.getRootDirectory(), file));
const identities = new Map<string, DeviceIdentity>();

for (const device of fleet) {
	const identity = new DeviceIdentity(device.name, {
		deviceId: device.id,
		status: device.status,
		...(device.reason === undefined ? {} : { statusReason: device.reason }),
		authentication: authenticationOf(device),
		capabilities: { iotEdge: device.edge },
		...parentOf(device),
	});
	identities.set(device.name, identity);
}

/** Returns the scope of the parent: a gateway has it in a list, any other device as its own scope. */
function parentOf({ parent, edge }: Device): Pick<DeviceIdentityArgs, "deviceScope" | "parentScopes"> {
	const scope = identities.get(parent ?? "")?.deviceScope;
	if (scope === undefined) return {};
	return edge ? { parentScopes: [scope] } : { deviceScope: scope };
}

const gateways = fleet.filter(({ edge }) => edge).map(({ name }) => name);

/** The number of devices. */
export const devices = fleet.length;

/** The scope of each gateway. */
export const gatewayScopes = Object.fromEntries(
	gateways.map((name) => [name, identities.get(name)?.deviceScope]),
);

/** The connection string of each device, as one secret. */
export const connectionStrings = pulumi.secret(
	Object.fromEntries(
		[...identities].map(([name, { primaryConnectionString }]) => [name, primaryConnectionString]),
	),
);
