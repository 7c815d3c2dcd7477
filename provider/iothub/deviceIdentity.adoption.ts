import type { AdoptionPlan, LiveObject } from "../resource/resourceType.ts";
import { KEY_FINGERPRINTS_OUTPUT, LAST_ROTATION_OUTPUT } from "../stateKeys.ts";
import { asObject, hasUnknown, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import {
	type CompletedRotation,
	formatCompletedRotation,
	formatRotationLabel,
	getDeclaringStack,
	getKeyFingerprints,
	getRequestedRotation,
	isKeyRotatedFor,
	type KeyRotation,
} from "./keyRotation.ts";

/** How many rotations a device may have had for the last one to be recognized by its key. */
const MAX_PROVABLE_COUNT = 100;

/** What is left to the run after an adoption. */
const NEXT_RUN = "will get swapped keys in the next run";

/** Returns what an adopted device gets; undefined if no rotation is due, or it is not known yet. */
export function describeRotationOfAdopted(inputs: Values): string | undefined {
	const requested = getRequestedRotation(inputs);
	if (requested === undefined || hasUnknown(asObject(inputs["authentication"])["rotation"])) return undefined;
	return requested.keyType === "swap" ? NEXT_RUN : `gets a new ${requested.keyType} key`;
}

/**
 * Plans the rotation of an adopted device. Its keys are not new: whoever had the device before may know them. Only a key that this
 * stack generated for the requested rotation proves that the rotation was completed. Nothing would prove an exchange of the keys if
 * the run were killed before state has their fingerprints, so it is left to the next run.
 */
export function planRotationOfAdopted(live: LiveObject<DeviceInputs>, inputs: Values): AdoptionPlan {
	const requested = getRequestedRotation(inputs);
	const completed = requested && findCompletedRotation(live, requested, getDeclaringStack(inputs));
	const { type, symmetricKey } = live.values.authentication ?? {};
	const last = {
		etag: live.etag,
		generationId: live.uid,
		authentication: { type },
		[KEY_FINGERPRINTS_OUTPUT]: getKeyFingerprints(live),
		[LAST_ROTATION_OUTPUT]: completed && formatCompletedRotation(completed),
	};
	if (requested?.keyType !== "swap" || symmetricKey === undefined) return { last, inputs };
	const { rotation: _, ...authentication } = asObject(inputs["authentication"]);
	return { last, inputs: { ...inputs, authentication }, nextRun: NEXT_RUN };
}

function findCompletedRotation(
	live: LiveObject<DeviceInputs>,
	{ keyType, generation }: KeyRotation,
	stack: string,
): CompletedRotation | undefined {
	const key = keyType === "swap" ? undefined : live.values.authentication?.symmetricKey?.[`${keyType}Key`];
	if (key === undefined || stack === "") return undefined;
	return Array.from({ length: MAX_PROVABLE_COUNT }, (_, at) => ({ keyType, generation, count: at + 1 })).find(
		(rotation) => isKeyRotatedFor(formatRotationLabel(live, rotation), key, stack),
	);
}
