import type { LiveObject, OneTimeAction, OneTimeActions } from "../resource/resourceType.ts";
import type { CheckFailure, FieldValidator } from "../resource/schema.ts";
import { expectObject, expectOneOf, failCheck } from "../resource/validators.ts";
import { KEY_FINGERPRINTS_OUTPUT, LAST_ROTATION_OUTPUT } from "../stateKeys.ts";
import { asObject, hasUnknown, isObject, isUnknown, type Values } from "../values.ts";
import { describeRotationOfAdopted, planRotationOfAdopted } from "./deviceIdentity.adoption.ts";
import { proveDeviceCreation } from "./deviceIdentity.creationProof.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import {
	type CompletedRotation,
	confirmKeyFingerprints,
	detectKeyChange,
	formatCompletedRotation,
	formatRotationLabel,
	generateRotatedKey,
	getDeclaringStack,
	getInitialRotation,
	getKeyFingerprints,
	getRequestedRotation,
	isKeyRotatedFor,
	KEY_TYPES,
	parseCompletedRotation,
	refreshKeyFingerprints,
} from "./keyRotation.ts";
import { createKeysWithheldError, hasWithheldKeys } from "./withheldKeys.ts";

/** Rotations of keys that are not declared: an action that a program requests once. */
export const ROTATION_ACTIONS: OneTimeActions<DeviceInputs> = {
	isPending: isRotationPending,
	describe: (inputs) => ROTATION_DESCRIPTIONS[getKeyTypeToRotate(inputs)],
	describeDone: (inputs) => DONE_DESCRIPTIONS[getKeyTypeToRotate(inputs)],
	plan: planRotation,
	describeAdoption: describeRotationOfAdopted,
	planAdoption: planRotationOfAdopted,
	stateAfter(live, inputs, last) {
		const completed = getCompletedRotationAfter(inputs, last);
		const isNewlyCompleted =
			completed !== undefined && formatCompletedRotation(completed) !== last[LAST_ROTATION_OUTPUT];
		return {
			[LAST_ROTATION_OUTPUT]: completed && formatCompletedRotation(completed),
			[KEY_FINGERPRINTS_OUTPUT]: isNewlyCompleted
				? getKeyFingerprints(live)
				: refreshKeyFingerprints(last, live),
		};
	},
	stateAfterRefresh: (live, outputs) => ({
		[LAST_ROTATION_OUTPUT]: outputs[LAST_ROTATION_OUTPUT],
		[KEY_FINGERPRINTS_OUTPUT]: refreshKeyFingerprints(outputs, live),
	}),
	stateIfUnchanged: (outputs) => ({ [KEY_FINGERPRINTS_OUTPUT]: confirmKeyFingerprints(outputs) }),
};

const ROTATION_DESCRIPTIONS = {
	primary: "gets a new primary key",
	secondary: "gets a new secondary key",
	swap: "gets its keys swapped",
};

const DONE_DESCRIPTIONS = {
	primary: "got a new primary key",
	secondary: "got a new secondary key",
	swap: "got swapped keys",
};

function getKeyTypeToRotate(inputs: Values): keyof typeof ROTATION_DESCRIPTIONS {
	return getRequestedRotation(inputs)?.keyType ?? "secondary";
}

/** Validates the declaration of a rotation. */
export const validateRotation: FieldValidator = (value, path) => validateRotationMembers(value, path, {});

/**
 * Validates the declaration of a rotation.
 *
 * @param extraMembers additional members that it may have
 */
export function validateRotationMembers(
	value: unknown,
	path: string,
	extraMembers: Readonly<Record<string, FieldValidator>>,
): readonly CheckFailure[] {
	const failures = expectObject({
		keyType: expectOneOf(KEY_TYPES),
		generation: validateGeneration,
		...extraMembers,
	})(value, path);
	if (!isObject(value)) return failures;
	const missing = ["keyType", "generation"].filter((name) => value[name] === undefined);
	return [...failures, ...missing.flatMap((name) => failCheck(`${path}.${name}`, "is missing"))];
}

function validateGeneration(value: unknown, path: string): readonly CheckFailure[] {
	if (isUnknown(value) || value === undefined || (Number.isSafeInteger(value) && Number(value) > 0))
		return [];
	return failCheck(path, "must be a whole number of at least 1; a higher number rotates again");
}

/** Whether the inputs request a rotation: a different key type or a higher generation. A lower one is from an earlier program. */
function isRotationPending(outputs: Values, inputs: Values): boolean {
	const requested = getRequestedRotation(inputs);
	if (requested === undefined) return false;
	if (hasUnknown(asObject(inputs["authentication"])["rotation"])) return true;
	const last = parseCompletedRotation(outputs);
	return last === undefined || requested.keyType !== last.keyType || requested.generation > last.generation;
}

/** Returns the rotation to store as completed. The keys of a device that this run created are new, so its rotation counts as completed. */
function getCompletedRotationAfter(inputs: Values, last: Values): CompletedRotation | undefined {
	const isNew = last["etag"] === undefined;
	const requested = isNew ? getInitialRotation(inputs) : getRequestedRotation(inputs);
	if (requested === undefined || !(isNew || isRotationPending(last, inputs)))
		return parseCompletedRotation(last);
	return { ...requested, count: isNew ? 0 : getNextRotationCount(last) };
}

function getNextRotationCount(outputs: Values): number {
	return (parseCompletedRotation(outputs)?.count ?? 0) + 1;
}

function planRotation(
	desired: Values,
	{ live, inputs, outputs }: { live: LiveObject<DeviceInputs>; inputs: Values; outputs: Values },
): OneTimeAction {
	const rotation = getRequestedRotation(inputs);
	if (hasWithheldKeys(live))
		throw createKeysWithheldError(
			live.values.deviceId ?? "",
			"They cannot be rotated, so nothing was written.",
		);
	const keys = live.values.authentication?.symmetricKey;
	// The hub generates keys for a device that had none.
	if (rotation === undefined || keys === undefined) return { step: "do", desired };
	// State that was adopted from a query contains no generation id.
	const { generationId = live.uid } = outputs;
	if (generationId !== live.uid && proveDeviceCreation(live, inputs) === "proven") return { step: "done" };
	const createWriteStep = (symmetricKey: object): OneTimeAction => ({
		step: "do",
		desired: { ...desired, authentication: { ...asObject(desired["authentication"]), symmetricKey } },
	});
	if (rotation.keyType === "swap") {
		const { primaryKey, secondaryKey } = keys;
		const keyChange = detectKeyChange(outputs, live);
		if (keyChange === "none") return createWriteStep({ primaryKey: secondaryKey, secondaryKey: primaryKey });
		return keyChange === "swapped"
			? { step: "done" }
			: { step: "unprovable", reason: UNPROVABLE_SWAP_REASON };
	}
	const name = `${rotation.keyType}Key` as const;
	const label = formatRotationLabel(live, { ...rotation, count: getNextRotationCount(outputs) });
	const stack = getDeclaringStack(inputs);
	return isKeyRotatedFor(label, keys[name], stack)
		? { step: "done" }
		: createWriteStep({ ...keys, [name]: generateRotatedKey(label, stack) });
}

/**
 * Returns who changed keys that differ from those in state: this program, if a key proves that an interrupted run generated
 * it. Swapped keys prove nothing, nor does a key of a generation far from the last one.
 */
export function determineRotator(
	live: LiveObject<DeviceInputs>,
	outputs: Values,
): "thisProgram" | "outside" | "unknown" {
	if (detectKeyChange(outputs, live) === "swapped") return "unknown";
	const keys = live.values.authentication?.symmetricKey;
	const firstGeneration = Math.max(
		1,
		(parseCompletedRotation(outputs)?.generation ?? 1) - GENERATION_SEARCH_RADIUS,
	);
	const isGenerated = Array.from(
		{ length: 2 * GENERATION_SEARCH_RADIUS },
		(_, at) => firstGeneration + at,
	).some((generation) =>
		(["primary", "secondary"] as const).some((keyType) => {
			const label = formatRotationLabel(live, {
				keyType,
				generation,
				count: getNextRotationCount(outputs),
			});
			return isKeyRotatedFor(label, keys?.[`${keyType}Key`] ?? "");
		}),
	);
	return isGenerated ? "thisProgram" : "outside";
}

/** How many generations before and after the last one are tried. */
const GENERATION_SEARCH_RADIUS = 100;

const UNPROVABLE_SWAP_REASON =
	"has different keys than at the last deployment, so it is unknown whether they were already swapped. Nothing was " +
	"written. Find out which key the device connects with, run `pulumi refresh`, and run the command again";
