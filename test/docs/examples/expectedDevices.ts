import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { DeviceView } from "../../emulator/emulator.ts";

/** The expected state of a device. A member that is left out is not compared. */
export interface ExpectedDevice {
	readonly id: string;
	readonly status?: "enabled" | "disabled";
	/** Null if there is none. */
	readonly reason?: string | null;
	readonly type?: "sas" | "selfSigned" | "certificateAuthority";
	/** The two declared keys. If they are left out, any keys that the hub created are accepted. */
	readonly keys?: readonly [string, string];
	/** The two thumbprints; the second may be null. */
	readonly thumbprints?: readonly [string, string | null];
	readonly edge?: boolean;
	/** The id of the parent gateway, null if there is none. */
	readonly parent?: string | null;
}

/** An entry of the data file. */
interface RawDevice {
	readonly name: string;
	readonly id?: string;
	readonly edge?: boolean;
	readonly parent?: string;
	readonly status?: "enabled" | "disabled";
	readonly reason?: string;
	readonly authentication?: "sas" | "selfSigned" | "certificateAuthority";
	readonly keys?: "hub" | "derived";
	readonly thumbprint?: string;
	readonly nextThumbprint?: string;
}

/** Returns the devices that must exist after the deployment of the data file, computed only from the file and the group's key. */
export function readExpectedFleet(file: string, groupKey: string): readonly ExpectedDevice[] {
	const { sites } = parse(readFileSync(file, "utf8")) as { sites: Record<string, RawDevice[]> };
	const raw = Object.values(sites).flat();
	const idOf = (name: string) => raw.find((device) => device.name === name)?.id ?? name;
	return raw.map((device) => ({
		id: device.id ?? device.name,
		status: device.status ?? "enabled",
		reason: device.reason ?? null,
		type: device.authentication ?? "sas",
		edge: device.edge ?? false,
		parent: device.parent === undefined ? null : idOf(device.parent),
		...(device.keys === "derived" && { keys: derivedKeys(groupKey, device.id ?? device.name) }),
		...(device.thumbprint !== undefined && {
			thumbprints: [device.thumbprint, device.nextThumbprint ?? null],
		}),
	}));
}

/** Returns the devices that must exist after the deployment of a CSV file. Only cells with reasons may be quoted. */
export function readExpectedRows(file: string): readonly ExpectedDevice[] {
	const [, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
	return lines.map((line) => {
		const [id = "", parent, edge, status, quoted, bare, type, thumbprint] =
			/^(.*?),(.*?),(.*?),(.*?),(?:"(.*)"|(.*?)),(.*?),(.*)$/.exec(line)?.slice(1) ?? [];
		return {
			id,
			status: status === "disabled" ? status : "enabled",
			reason: quoted || bare || null,
			type: type === "selfSigned" || type === "certificateAuthority" ? type : "sas",
			edge: edge === "true",
			parent: parent || null,
			...(thumbprint && { thumbprints: [thumbprint, null] }),
		};
	});
}

function derivedKeys(groupKey: string, id: string): [string, string] {
	const hmac = (text: string) =>
		createHmac("sha256", Buffer.from(groupKey, "base64")).update(text).digest("base64");
	return [hmac(id), hmac(`${id}/secondary`)];
}

type Member = Exclude<keyof ExpectedDevice, "id">;

/** How each member is read from the registry. */
const SEEN: Readonly<Record<Member, (view: DeviceView, registry: readonly DeviceView[]) => unknown>> = {
	status: ({ status }) => status,
	reason: ({ statusReason }) => statusReason,
	type: ({ authentication }) => authentication.type,
	keys: ({ authentication: { symmetricKey } }) => [symmetricKey.primaryKey, symmetricKey.secondaryKey],
	thumbprints: ({ authentication: { x509Thumbprint } }) => [
		x509Thumbprint.primaryThumbprint,
		x509Thumbprint.secondaryThumbprint,
	],
	edge: ({ capabilities }) => capabilities.iotEdge,
	parent: parentOf,
};

/** Compares the registry with the expected devices. Returns one line for each difference. */
export function compareDevices(
	expected: readonly ExpectedDevice[],
	registry: readonly DeviceView[],
): readonly string[] {
	const declared = new Set(expected.map(({ id }) => id));
	return [
		...expected.flatMap((device) => compareDevice(device, registry)),
		...registry
			.filter(({ deviceId }) => !declared.has(deviceId))
			.map(({ deviceId }) => `${deviceId} is in the registry but is not declared`),
	];
}

function compareDevice(expected: ExpectedDevice, registry: readonly DeviceView[]): readonly string[] {
	const { id, ...members } = expected;
	const view = registry.find(({ deviceId }) => deviceId === id);
	if (view === undefined) return [`${id} is declared but is not in the registry`];
	return [
		...Object.entries(members).flatMap(([name, value]) => {
			const seen = SEEN[name as Member](view, registry);
			return isDeepStrictEqual(seen, value) ? [] : [formatDifference(`${id}: ${name}`, seen, value)];
		}),
		...withoutKeys(view),
	];
}

/** Checks that a device with `sas` has two keys, whoever created them, and that any other device has none. */
function withoutKeys({ deviceId, authentication: { type, symmetricKey } }: DeviceView): readonly string[] {
	const { primaryKey, secondaryKey } = symmetricKey;
	const count = [primaryKey, secondaryKey].filter(Boolean).length;
	return count === (type === "sas" ? 2 : 0) ? [] : [`${deviceId}: has ${count} keys with type ${type}`];
}

/** Returns the id of the parent gateway. A leaf device must name it in both places. */
function parentOf(view: DeviceView, registry: readonly DeviceView[]): string | null {
	const { capabilities, deviceScope, parentScopes } = view;
	const [scope] = parentScopes;
	if (!capabilities.iotEdge && deviceScope !== scope) return `${scope} and ${deviceScope}`;
	if (scope === undefined) return null;
	const parent = registry.find((other) => other.capabilities.iotEdge && other.deviceScope === scope);
	return parent?.deviceId ?? `the scope ${scope}, which no gateway has`;
}

/** Describes a difference. Keys are never shown, not even those of an emulator. */
function formatDifference(what: string, seen: unknown, value: unknown): string {
	if (what.endsWith(": keys")) return `${what} are not the declared ones`;
	return `${what} is ${JSON.stringify(seen)}, declared as ${JSON.stringify(value)}`;
}
