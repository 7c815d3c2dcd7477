import type { Values } from "../lifecycle/plain.ts";
import { computeFingerprint } from "../auth/fingerprint.ts";
import { asObject, asString } from "../http/json.ts";
import type { LiveObject } from "../lifecycle/kind.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";

/**
 * The output that remembers by fingerprints which key was in which slot when the keys were last known to be as the last
 * rotation left them: by it a swap is recognized whose run ended before state was written.
 */
export const KEY_FINGERPRINTS_OUTPUT = "__keys";

/** What is remembered where state never knew the keys and somebody wrote the device since: nothing can be proved. */
const UNPROVABLE_KEYS = "?";

/** What became of the keys since they were remembered. */
export type KeyChange = "none" | "exchanged" | "other";

/** Both keys of a device with `sas`, by fingerprints; undefined for any other. */
export function computeKeyFingerprints(symmetricKey: unknown): string | undefined {
	const { primaryKey, secondaryKey } = asObject(symmetricKey);
	const keys = [asString(primaryKey), asString(secondaryKey)];
	if (keys.some((key) => key === undefined)) return undefined;
	return keys.map((key) => computeFingerprint(key ?? "").slice(0, 8)).join(" ");
}

/** What became of the keys since the outputs were taken. */
export function detectKeyChange(outputs: Values, live: LiveObject<DeviceInputs>): KeyChange {
	const before = getStoredFingerprints(outputs, live);
	const now = getKeyFingerprints(live);
	if (before === now) return "none";
	return now !== undefined && before === swapFingerprints(now) ? "exchanged" : "other";
}

/** What to remember of a device that was only looked at, or had something else changed. Keys that are exchanged stay evidence. */
export function refreshKeyFingerprints(outputs: Values, live: LiveObject<DeviceInputs>): string | undefined {
	const now = getKeyFingerprints(live);
	if (now === undefined) return undefined;
	const before = getStoredFingerprints(outputs, live);
	if (before === UNPROVABLE_KEYS && outputs[KEY_FINGERPRINTS_OUTPUT] === undefined) return before;
	return detectKeyChange(outputs, live) === "exchanged" ? before : now;
}

/**
 * What to remember of a device that nobody wrote since the outputs were taken. Keys of which nothing could be proved count
 * as they are from here on: whoever runs a refresh once more was told of them.
 */
export function confirmKeyFingerprints(outputs: Values): unknown {
	return outputs[KEY_FINGERPRINTS_OUTPUT] === UNPROVABLE_KEYS ? undefined : outputs[KEY_FINGERPRINTS_OUTPUT];
}

/** The keys of a live device, as they are remembered. */
export function getKeyFingerprints({ values }: LiveObject<DeviceInputs>): string | undefined {
	return computeKeyFingerprints(values.authentication?.symmetricKey);
}

/**
 * State of an earlier release remembers nothing, but may keep the keys, or an etag that proves them untouched. Keys of a
 * device that had none are new.
 */
function getStoredFingerprints(outputs: Values, live: LiveObject<DeviceInputs>): string | undefined {
	const stored = asString(outputs[KEY_FINGERPRINTS_OUTPUT]) ?? computeKeyFingerprints(outputs);
	if (stored !== undefined) return stored;
	const { type = "sas" } = asObject(outputs["authentication"]);
	const isKnown = type !== "sas" || outputs["etag"] === undefined || outputs["etag"] === live.etag;
	return isKnown ? getKeyFingerprints(live) : UNPROVABLE_KEYS;
}

function swapFingerprints(fingerprints: string): string {
	return fingerprints.split(" ").reverse().join(" ");
}
