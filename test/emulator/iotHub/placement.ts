import { createArgumentError, HubError } from "./hubError.ts";
import type { DeviceRecord } from "./identity.ts";
import type { IdentityWish, PlacementWish } from "./identityBody.ts";
import type { Registry } from "./registry.ts";

/** The place of a device in a hierarchy of edge devices. */
export type Placement = Pick<DeviceRecord, "iotEdge" | "deviceScope" | "parentScopes">;

/** Returns the scope of an edge device; a leaf that becomes an edge device gets one without a generation. */
export function ownScope(deviceId: string, generationId: string): string {
	return `ms-azure-iot-edge://${deviceId}-${generationId}`;
}

/** Returns the placement of a new device. */
export function createFirstPlacement(wish: PlacementWish, deviceId: string, generationId: string): Placement {
	return wish.iotEdge ? placeEdge(wish, ownScope(deviceId, generationId)) : placeLeaf(wish);
}

/** Returns the placement after a full replace of an existing device. */
export function nextPlacement(wish: PlacementWish, now: Placement, deviceId: string): Placement {
	if (now.iotEdge && wish.iotEdge) return placeEdge(wish, requireEcho(wish, now.deviceScope ?? ""));
	if (now.iotEdge) return { iotEdge: false, deviceScope: undefined, parentScopes: [] };
	if (!wish.iotEdge) return placeLeaf(wish);
	if (wish.deviceScope !== "") throw new HubError("ServiceUnavailable", "ServiceUnavailable");
	return placeEdge(wish, ownScope(deviceId, ""));
}

/**
 * Returns the placement of a leaf: its scope is its parent's, and the hub repeats it in parentScopes; parentScopes
 * alone has no effect.
 */
function placeLeaf({ deviceScope }: PlacementWish): Placement {
	if (deviceScope === "") return { iotEdge: false, deviceScope: undefined, parentScopes: [] };
	return { iotEdge: false, deviceScope, parentScopes: [deviceScope] };
}

function placeEdge({ parentScopes = [] }: PlacementWish, deviceScope: string): Placement {
	if (parentScopes.length > 1) throw createArgumentError("parentScopes must not have more than one entry");
	return { iotEdge: true, deviceScope, parentScopes };
}

function requireEcho(wish: PlacementWish, scope: string): string {
	if (wish.deviceScope !== scope) throw createArgumentError("Device scope is immutable");
	return scope;
}

/**
 * Rejects a parent that is not an edge device of this hub, if the switch says that the hub checks it: only in a single
 * PUT, because bulk requests were seen to accept any scope.
 */
export function requireKnownScope({ devices, setting }: Registry, { placement }: IdentityWish): void {
	if (setting.switches.unknownScope === "accept" || placement === "keep") return;
	const parents = placement.iotEdge ? (placement.parentScopes ?? []) : [placement.deviceScope];
	const known = new Set([
		"",
		...[...devices.values()].map((device) => (device.iotEdge ? device.deviceScope : "")),
	]);
	const missing = parents.find((scope) => !known.has(scope));
	if (missing !== undefined) throw new HubError("InvalidDeviceScope", `Invalid device scope: '${missing}'`);
}
