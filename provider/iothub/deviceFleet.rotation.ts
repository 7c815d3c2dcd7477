import { createHash } from "node:crypto";
import type { CheckFailure, FieldValidator } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { asObject, isUnknown, type Values } from "../values.ts";
import { validateRotationMembers } from "./deviceIdentity.rotation.ts";

/** Validates the declaration of a fleet's rotation: that of a device, and the share of the devices that it is due for. */
export const validateFleetRotation: FieldValidator = (value, path) =>
	validateRotationMembers(value, path, { share: validatePercentage });

/** Returns the rotation of one device of the fleet: due, or `laterRotation` for a device outside of the share. */
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

/** Returns the position of a device between 0 and 100. It depends only on the id, so a larger share contains every smaller one. */
function computeRolloutPosition(id: string): number {
	return (createHash("sha256").update(id).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

function validatePercentage(value: unknown, path: string): readonly CheckFailure[] {
	if (isUnknown(value) || (typeof value === "number" && value >= 0 && value <= 100)) return [];
	return failCheck(path, "must be a percentage from 0 to 100");
}
