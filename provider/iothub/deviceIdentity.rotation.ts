import { members } from "../http/json.ts";
import type { Deed, Deeds, Fault, Live, Rule, Values } from "../lifecycle/kind.ts";
import { isObject } from "../lifecycle/plain.ts";
import { fault, objectOf, oneOf } from "../lifecycle/rules.ts";
import { hasUnknown, isUnknown } from "../lifecycle/unknown.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { exchangeOf, KEYS, keysKept, keysOf, keysTrusted } from "./deviceIdentity.keyMemory.ts";
import {
	type Carried,
	carriedIn,
	carriedText,
	isKeyOf,
	KEY_TYPES,
	newKey,
	ROTATION,
	type Rotation,
	rotationAtBirth,
	rotationIn,
} from "./rotation.ts";

/** Rotations of the keys that nobody declares: what a program asks to be done once. */
export const ROTATIONS: Deeds<DeviceInputs> = {
	isDue,
	told: (inputs) => TOLD[rotationIn(inputs)?.keyType ?? "secondary"],
	carriedOut,
	recorded(live, inputs, last) {
		const carried = carriedAfter(inputs, last);
		const isCarried = carried !== undefined && carriedText(carried) !== last[ROTATION];
		return {
			[ROTATION]: carried && carriedText(carried),
			[KEYS]: isCarried ? keysOf(live) : keysKept(last, live),
		};
	},
	renewed: (live, outputs) => ({ [ROTATION]: outputs[ROTATION], [KEYS]: keysKept(outputs, live) }),
	untouched: (outputs) => ({ [KEYS]: keysTrusted(outputs) }),
};

const TOLD = {
	primary: "gets a new primary key",
	secondary: "gets a new secondary key",
	swap: "gets its keys swapped",
};

/** What a rotation may be. */
export const rotationRule: Rule = (value, path) => rotationFaults(value, path, {});

/**
 * What is wrong with a rotation.
 *
 * @param more members that it may have besides
 */
export function rotationFaults(
	value: unknown,
	path: string,
	more: Readonly<Record<string, Rule>>,
): readonly Fault[] {
	const faults = objectOf({ keyType: oneOf(KEY_TYPES), generation: wholeNumber, ...more })(value, path);
	if (!isObject(value)) return faults;
	const missing = ["keyType", "generation"].filter((name) => value[name] === undefined);
	return [...faults, ...missing.flatMap((name) => fault(`${path}.${name}`, "is missing"))];
}

function wholeNumber(value: unknown, path: string): readonly Fault[] {
	if (isUnknown(value) || value === undefined || (Number.isSafeInteger(value) && Number(value) > 0))
		return [];
	return fault(path, "takes a whole number from 1 on; a higher one rotates again");
}

/** Another key than last time, or a higher generation; a lower one is a program of before. */
function isDue(outputs: Values, inputs: Values): boolean {
	const asked = rotationIn(inputs);
	if (asked === undefined) return false;
	if (hasUnknown(members(inputs["authentication"])["rotation"])) return true;
	const last = carriedIn(outputs);
	return last === undefined || asked.keyType !== last.keyType || asked.generation > last.generation;
}

/** The keys of a new device are new, so what it was made with counts as carried out. */
function carriedAfter(inputs: Values, last: Values): Carried | undefined {
	const isNew = last["etag"] === undefined;
	const asked = isNew ? rotationAtBirth(inputs) : rotationIn(inputs);
	if (asked === undefined || !(isNew || isDue(last, inputs))) return carriedIn(last);
	return { ...asked, count: isNew ? 0 : next(last) };
}

function next(outputs: Values): number {
	return (carriedIn(outputs)?.count ?? 0) + 1;
}

function carriedOut(
	desired: Values,
	{ live, inputs, outputs }: { live: Live<DeviceInputs>; inputs: Values; outputs: Values },
): Deed {
	const rotation = rotationIn(inputs);
	const keys = live.values.authentication?.symmetricKey;
	// State that was taken over from a query knows no generation.
	const { generationId = live.incarnation } = outputs;
	const isNew = generationId !== live.incarnation;
	if (rotation === undefined || keys === undefined || isNew) return { step: "do", desired };
	const write = (symmetricKey: object): Deed => ({
		step: "do",
		desired: { ...desired, authentication: { ...members(desired["authentication"]), symmetricKey } },
	});
	if (rotation.keyType === "swap") {
		const { primaryKey, secondaryKey } = keys;
		const exchange = exchangeOf(outputs, live);
		if (exchange === "none") return write({ primaryKey: secondaryKey, secondaryKey: primaryKey });
		return exchange === "exchanged" ? { step: "done" } : { step: "unprovable", why: OTHER_KEYS };
	}
	const name = `${rotation.keyType}Key` as const;
	const mark = nameOf(rotation, { live, count: next(outputs) });
	return isKeyOf(mark, keys[name]) ? { step: "done" } : write({ ...keys, [name]: newKey(mark) });
}

/**
 * Whose work it is that a device has other keys than state: that of a run which ended before state was written, where a new
 * key proves it. Nothing proves who swapped two keys; nor does a key, of a generation far from the last one.
 */
export function rotatedBy(live: Live<DeviceInputs>, outputs: Values): "us" | "others" | "somebody" {
	if (exchangeOf(outputs, live) === "exchanged") return "somebody";
	const keys = live.values.authentication?.symmetricKey;
	const from = Math.max(1, (carriedIn(outputs)?.generation ?? 1) - FAR);
	const isOurs = Array.from({ length: 2 * FAR }, (_, at) => from + at).some((generation) =>
		(["primary", "secondary"] as const).some((keyType) => {
			const mark = nameOf({ keyType, generation }, { live, count: next(outputs) });
			return isKeyOf(mark, keys?.[`${keyType}Key`] ?? "");
		}),
	);
	return isOurs ? "us" : "others";
}

/** So many generations before and after the last one are tried. */
const FAR = 100;

const OTHER_KEYS =
	"has other keys than at the last deployment, so nobody can tell whether they were swapped already; nothing was " +
	"written. Find out which key the device connects with, run `pulumi refresh`, and run the command again";

/** Tells a rotation from all others, of this device and of any. */
function nameOf(
	{ keyType, generation }: Rotation,
	{ live, count }: { live: Live<DeviceInputs>; count: number },
): string {
	return [live.values.deviceId, live.incarnation, count, keyType, generation].join("\n");
}
