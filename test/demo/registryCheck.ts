import { isDeepStrictEqual } from "node:util";
import type { DeviceView } from "../emulator/emulator.ts";
import type { ExpectedDevice } from "./expectedDevice.ts";

type Member = Exclude<keyof ExpectedDevice, "id">;

/** How each member is seen in the registry. */
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

/** Holds the registry against what it should hold: one line for each difference, none where all is well. */
export function compareDevices(
	expected: readonly ExpectedDevice[],
	registry: readonly DeviceView[],
): readonly string[] {
	const declared = new Set(expected.map(({ id }) => id));
	return [
		...expected.flatMap((device) => compareDevice(device, registry)),
		...registry
			.filter(({ deviceId }) => !declared.has(deviceId))
			.map(({ deviceId }) => `${deviceId} is in the registry and is not declared`),
	];
}

function compareDevice(expected: ExpectedDevice, registry: readonly DeviceView[]): readonly string[] {
	const { id, ...members } = expected;
	const view = registry.find(({ deviceId }) => deviceId === id);
	if (view === undefined) return [`${id} is declared and is not in the registry`];
	return [
		...Object.entries(members).flatMap(([name, value]) => {
			const seen = SEEN[name as Member](view, registry);
			return isDeepStrictEqual(seen, value) ? [] : [formatDifference(`${id}: ${name}`, seen, value)];
		}),
		...withoutKeys(view),
	];
}

/** A device with `sas` has two keys, whoever made them, and no other device has any. */
function withoutKeys({ deviceId, authentication: { type, symmetricKey } }: DeviceView): readonly string[] {
	const { primaryKey, secondaryKey } = symmetricKey;
	const count = [primaryKey, secondaryKey].filter(Boolean).length;
	return count === (type === "sas" ? 2 : 0) ? [] : [`${deviceId}: has ${count} keys with type ${type}`];
}

/** The id of the gateway above a device; a leaf must name it in both places. */
function parentOf(view: DeviceView, registry: readonly DeviceView[]): string | null {
	const { capabilities, deviceScope, parentScopes } = view;
	const [scope] = parentScopes;
	if (!capabilities.iotEdge && deviceScope !== scope) return `${scope} and ${deviceScope}`;
	if (scope === undefined) return null;
	const parent = registry.find((other) => other.capabilities.iotEdge && other.deviceScope === scope);
	return parent?.deviceId ?? `the scope ${scope}, which no gateway has`;
}

/** Keys are never shown, not even those of an emulator. */
function formatDifference(what: string, seen: unknown, value: unknown): string {
	if (what.endsWith(": keys")) return `${what} are not those declared`;
	return `${what} is ${JSON.stringify(seen)}, declared is ${JSON.stringify(value)}`;
}
