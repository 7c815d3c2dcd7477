import { createHash } from "node:crypto";
import type { CheckFailure, FieldValidator } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { asObject, isUnknown, type Values } from "../values.ts";
import { validateRotationMembers } from "./deviceIdentity.rotation.ts";

/** What the rotation of a fleet may be: that of a device, and the share of the devices. */
export const validateFleetRotation: FieldValidator = (value, path) =>
	validateRotationMembers(value, path, { share: validatePercentage });

/** The rotation of one device of the fleet: to be carried out, or `later` for one outside of the share. */
export function resolveMemberRotation(
	id: string,
	rotation: unknown,
): { readonly rotation?: unknown; readonly laterRotation?: Values } {
	if (rotation === undefined || isUnknown(rotation)) return { rotation };
	const { share = 100, ...memberRotation } = asObject(rotation) as Values;
	return isUnknown(share) || computeRolloutPosition(id) < Number(share)
		? { rotation: memberRotation }
		: { laterRotation: memberRotation };
}

/** Where a device stands between 0 and 100: by its id alone, so a larger share holds every smaller one. */
function computeRolloutPosition(id: string): number {
	return (createHash("sha256").update(id).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

function validatePercentage(value: unknown, path: string): readonly CheckFailure[] {
	if (isUnknown(value) || (typeof value === "number" && value >= 0 && value <= 100)) return [];
	return failCheck(path, "takes a percentage from 0 to 100");
}
