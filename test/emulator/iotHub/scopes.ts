import { HubError } from "./hubError.ts";
import type { DeviceRecord } from "./identity.ts";
import type { Placement } from "./placement.ts";
import type { Switches } from "./switches.ts";

/** The part of a registry that scopes are looked up in. */
interface ScopeBook {
	readonly devices: ReadonlyMap<string, DeviceRecord>;
	readonly setting: { readonly switches: Switches };
}

/** Refuses parents that no edge device of this hub is, where the switch says that the hub looks. */
export function requireKnownScope({ devices, setting }: ScopeBook, { parentScopes }: Placement): void {
	if (setting.switches.unknownScope === "accept") return;
	const known = new Set(
		[...devices.values()].filter((device) => device.iotEdge).map((device) => device.deviceScope),
	);
	const missing = parentScopes.find((scope) => !known.has(scope));
	if (missing !== undefined) throw new HubError("InvalidDeviceScope", `Invalid device scope: '${missing}'`);
}
