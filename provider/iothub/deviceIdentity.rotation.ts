import type { LiveObject, OneTimeAction, OneTimeActions } from "../resource/resourceType.ts";
import type { CheckFailure, FieldValidator } from "../resource/schema.ts";
import { expectObject, expectOneOf, failCheck } from "../resource/validators.ts";
import { KEY_FINGERPRINTS_OUTPUT, LAST_ROTATION_OUTPUT } from "../stateKeys.ts";
import { asObject, hasUnknown, isObject, isUnknown, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import {
	type CompletedRotation,
	confirmKeyFingerprints,
	detectKeyChange,
	formatCompletedRotation,
	generateKey,
	getInitialRotation,
	getKeyFingerprints,
	getRequestedRotation,
	isKeyGeneratedFor,
	KEY_TYPES,
	type KeyRotation,
	parseCompletedRotation,
	refreshKeyFingerprints,
} from "./keyRotation.ts";

/** Rotations of the keys that nobody declares: what a program asks to be done once. */
export const ROTATION_ACTIONS: OneTimeActions<DeviceInputs> = {
	isPending: isRotationPending,
	describe: (inputs) => ROTATION_DESCRIPTIONS[getRequestedRotation(inputs)?.keyType ?? "secondary"],
	plan: planRotation,
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

/** What a rotation may be. */
export const validateRotation: FieldValidator = (value, path) => validateRotationMembers(value, path, {});

/**
 * What is wrong with a rotation.
 *
 * @param extraMembers members that it may have besides
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
	return failCheck(path, "takes a whole number from 1 on; a higher one rotates again");
}

/** Another key than last time, or a higher generation; a lower one is a program of before. */
function isRotationPending(outputs: Values, inputs: Values): boolean {
	const requested = getRequestedRotation(inputs);
	if (requested === undefined) return false;
	if (hasUnknown(asObject(inputs["authentication"])["rotation"])) return true;
	const last = parseCompletedRotation(outputs);
	return last === undefined || requested.keyType !== last.keyType || requested.generation > last.generation;
}

/** The keys of a new device are new, so what it was made with counts as carried out. */
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
	const keys = live.values.authentication?.symmetricKey;
	// State that was taken over from a query knows no generation.
	const { generationId = live.uid } = outputs;
	const isNew = generationId !== live.uid;
	if (rotation === undefined || keys === undefined || isNew) return { step: "do", desired };
	const createWriteStep = (symmetricKey: object): OneTimeAction => ({
		step: "do",
		desired: { ...desired, authentication: { ...asObject(desired["authentication"]), symmetricKey } },
	});
	if (rotation.keyType === "swap") {
		const { primaryKey, secondaryKey } = keys;
		const keyChange = detectKeyChange(outputs, live);
		if (keyChange === "none") return createWriteStep({ primaryKey: secondaryKey, secondaryKey: primaryKey });
		return keyChange === "exchanged"
			? { step: "done" }
			: { step: "unprovable", reason: UNPROVABLE_SWAP_REASON };
	}
	const name = `${rotation.keyType}Key` as const;
	const label = formatRotationLabel(rotation, { live, count: getNextRotationCount(outputs) });
	return isKeyGeneratedFor(label, keys[name])
		? { step: "done" }
		: createWriteStep({ ...keys, [name]: generateKey(label) });
}

/**
 * Whose work it is that a device has other keys than state: that of a run which ended before state was written, where a new
 * key proves it. Nothing proves who swapped two keys; nor does a key, of a generation far from the last one.
 */
export function determineRotator(
	live: LiveObject<DeviceInputs>,
	outputs: Values,
): "us" | "others" | "somebody" {
	if (detectKeyChange(outputs, live) === "exchanged") return "somebody";
	const keys = live.values.authentication?.symmetricKey;
	const firstGeneration = Math.max(
		1,
		(parseCompletedRotation(outputs)?.generation ?? 1) - GENERATION_SEARCH_RADIUS,
	);
	const wasRotatedByUs = Array.from(
		{ length: 2 * GENERATION_SEARCH_RADIUS },
		(_, at) => firstGeneration + at,
	).some((generation) =>
		(["primary", "secondary"] as const).some((keyType) => {
			const label = formatRotationLabel(
				{ keyType, generation },
				{ live, count: getNextRotationCount(outputs) },
			);
			return isKeyGeneratedFor(label, keys?.[`${keyType}Key`] ?? "");
		}),
	);
	return wasRotatedByUs ? "us" : "others";
}

/** So many generations before and after the last one are tried. */
const GENERATION_SEARCH_RADIUS = 100;

const UNPROVABLE_SWAP_REASON =
	"has other keys than at the last deployment, so nobody can tell whether they were swapped already; nothing was " +
	"written. Find out which key the device connects with, run `pulumi refresh`, and run the command again";

/** Tells a rotation from all others, of this device and of any. */
function formatRotationLabel(
	{ keyType, generation }: KeyRotation,
	{ live, count }: { live: LiveObject<DeviceInputs>; count: number },
): string {
	return [live.values.deviceId, live.uid, count, keyType, generation].join("\n");
}
