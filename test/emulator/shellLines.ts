import type { Addresses } from "./emulator.ts";

/** A setting of the provider with both of its names, or a variable without a key in a stack's configuration. */
interface Setting {
	readonly env: string;
	readonly key?: string;
	readonly value: string;
	readonly isSecret?: boolean;
}

/** Returns lines for a POSIX shell that direct every program started there to the emulator. */
export function formatExportLines(addresses: Addresses): string {
	return formatLines(listSettings(addresses).map(formatExport));
}

/** Returns lines for a POSIX shell that direct the selected stack to the emulator. */
export function formatConfigLines(addresses: Addresses): string {
	return formatLines(
		listSettings(addresses).map((setting) => {
			const { key, value, isSecret } = setting;
			if (key === undefined) return formatExport(setting);
			return `pulumi config set ${isSecret ? "--secret " : ""}${key} ${quote(value)}`;
		}),
	);
}

function listSettings({ iotHub, graph, entra, caFile }: Addresses): readonly Setting[] {
	const hub: Setting[] = [
		{
			env: "IOTHUB_CONNECTION_STRING",
			key: "iothub:connectionString",
			value: iotHub.connectionString,
			isSecret: true,
		},
		{ env: "IOTHUB_ENDPOINT", key: "iothub:endpoint", value: iotHub.url },
		{ env: "AUTOPILOT_ENDPOINT", key: "autopilot:endpoint", value: graph.url },
	];
	const { authority, tenantId, clientId, clientSecret, managedIdentity } = entra;
	// Libraries connect to a directory only over TLS; without it, a managed identity signs in over plain HTTP.
	if (caFile === undefined)
		return [
			...hub,
			{ env: "AUTOPILOT_CREDENTIAL", key: "autopilot:credential", value: "managedIdentity" },
			{ env: "IDENTITY_ENDPOINT", value: managedIdentity.endpoint },
			{ env: "IDENTITY_HEADER", value: managedIdentity.header },
		];
	return [
		...hub,
		{ env: "AUTOPILOT_CREDENTIAL", key: "autopilot:credential", value: "clientSecret" },
		{ env: "AZURE_AUTHORITY_HOST", key: "autopilot:authorityHost", value: authority },
		{ env: "AZURE_TENANT_ID", key: "autopilot:tenantId", value: tenantId },
		{ env: "AZURE_CLIENT_ID", key: "autopilot:clientId", value: clientId },
		{ env: "AZURE_CLIENT_SECRET", key: "autopilot:clientSecret", value: clientSecret, isSecret: true },
		{ env: "NODE_EXTRA_CA_CERTS", value: caFile },
	];
}

function formatExport({ env, value }: Setting): string {
	return `export ${env}=${quote(value)}`;
}

function formatLines(lines: readonly string[]): string {
	return lines.map((line) => `${line}\n`).join("");
}

function quote(value: string): string {
	return `'${value.replaceAll("'", "'\\''")}'`;
}
