import { HubError } from "./hubError.ts";
import type { IdentityWish } from "./identityBody.ts";
import type { Registry } from "./registry.ts";

/**
 * Refuses a parent that no edge device of this hub is, where the switch says that the hub looks: in a single PUT only, for
 * bulk calls were seen to take any scope.
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
