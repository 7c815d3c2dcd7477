import { createArgumentError, HubError } from "./hubError.ts";
import type { DeviceRecord } from "./identity.ts";
import type { PlacementWish } from "./identityBody.ts";

/** Where a device stands in a hierarchy of edge devices. */
export type Placement = Pick<DeviceRecord, "iotEdge" | "deviceScope" | "parentScopes">;

/** The scope that an edge device owns; a leaf that turns edge gets one without a generation. */
export function ownScope(deviceId: string, generationId: string): string {
	return `ms-azure-iot-edge://${deviceId}-${generationId}`;
}

/** The placement of a new device. */
export function firstPlacement(wish: PlacementWish, deviceId: string, generationId: string): Placement {
	return wish.iotEdge ? edge(wish, ownScope(deviceId, generationId)) : leaf(wish);
}

/** The placement after a full replace of an existing device. */
export function nextPlacement(wish: PlacementWish, now: Placement, deviceId: string): Placement {
	if (now.iotEdge && wish.iotEdge) return edge(wish, requireEcho(wish, now.deviceScope ?? ""));
	if (now.iotEdge) return { iotEdge: false, deviceScope: undefined, parentScopes: [] };
	if (!wish.iotEdge) return leaf(wish);
	if (wish.deviceScope !== "") throw new HubError("ServiceUnavailable", "ServiceUnavailable");
	return edge(wish, ownScope(deviceId, ""));
}

/** A leaf's scope is its parent's, and the hub repeats it in parentScopes; parentScopes alone attaches nothing. */
function leaf({ deviceScope }: PlacementWish): Placement {
	if (deviceScope === "") return { iotEdge: false, deviceScope: undefined, parentScopes: [] };
	return { iotEdge: false, deviceScope, parentScopes: [deviceScope] };
}

function edge({ parentScopes = [] }: PlacementWish, deviceScope: string): Placement {
	if (parentScopes.length > 1) throw createArgumentError("parentScopes must not have more than one entry");
	return { iotEdge: true, deviceScope, parentScopes };
}

function requireEcho(wish: PlacementWish, scope: string): string {
	if (wish.deviceScope !== scope) throw createArgumentError("Device scope is immutable");
	return scope;
}
