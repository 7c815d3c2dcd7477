import { readMembersFromState } from "../fleet/memberState.ts";
import { normalizeHubName } from "../hubName.ts";
import { LAST_ROTATION_OUTPUT, MEMBERS_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";
import { DEVICE_FLEET_STATE } from "./deviceFleet.type.ts";
import { type KeyRotation, parseCompletedRotation } from "./keyRotation.ts";

/** A device whose keys a rotation changed, according to state. */
export interface RotatedDevice extends KeyRotation {
	readonly deviceId: string;
	readonly hubHostName: string;
}

/**
 * Lists the devices of a resource whose keys were changed by a rotation, each with its last one. A device that was created while the
 * rotation was declared has new keys, so no rotation changed them.
 *
 * @param outputs the outputs of a DeviceIdentity or a DeviceFleet in state
 * @throws ResourceOperationError with the code LaterState or UnreadableState if a fleet's devices cannot be read
 */
export function listRotatedDevices(outputs: Values): readonly RotatedDevice[] {
	const hubHostName = normalizeHubName(String(outputs["hubHostName"]));
	return [...readLastRotations(outputs)].flatMap(([deviceId, lastRotation]) => {
		const rotation = parseCompletedRotation({ [LAST_ROTATION_OUTPUT]: lastRotation });
		if (rotation === undefined || rotation.count === 0) return [];
		const { keyType, generation } = rotation;
		return [{ deviceId, hubHostName, keyType, generation }];
	});
}

/** Returns the {@link LAST_ROTATION_OUTPUT} of each device, by its id. */
function readLastRotations(outputs: Values): ReadonlyMap<string, unknown> {
	if (!Object.hasOwn(outputs, MEMBERS_OUTPUT))
		return new Map([[String(outputs["deviceId"]), outputs[LAST_ROTATION_OUTPUT]]]);
	const letter = DEVICE_FLEET_STATE.stateFields[LAST_ROTATION_OUTPUT];
	const memberStates = readMembersFromState(DEVICE_FLEET_STATE, outputs);
	return new Map([...memberStates].map(([deviceId, memberState]) => [deviceId, memberState[letter]]));
}
