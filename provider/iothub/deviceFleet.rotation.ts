import { createHash } from "node:crypto";
import { members } from "../http/json.ts";
import type { Fault, Rule, Values } from "../lifecycle/kind.ts";
import { fault } from "../lifecycle/rules.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { rotationFaults } from "./deviceIdentity.rotation.ts";

/** What the rotation of a fleet may be: that of a device, and the share of the devices. */
export const fleetRotationRule: Rule = (value, path) => rotationFaults(value, path, { share: percentage });

/** The rotation of one device of the fleet: to be carried out, or `later` for one outside of the share. */
export function rotationFor(
	id: string,
	rotation: unknown,
): { readonly rotation?: unknown; readonly later?: Values } {
	if (rotation === undefined || isUnknown(rotation)) return { rotation };
	const { share = 100, ...own } = members(rotation) as Values;
	return isUnknown(share) || placeOf(id) < Number(share) ? { rotation: own } : { later: own };
}

/** Where a device stands between 0 and 100: by its id alone, so a larger share holds every smaller one. */
function placeOf(id: string): number {
	return (createHash("sha256").update(id).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

function percentage(value: unknown, path: string): readonly Fault[] {
	if (isUnknown(value) || (typeof value === "number" && value >= 0 && value <= 100)) return [];
	return fault(path, "takes a percentage from 0 to 100");
}
