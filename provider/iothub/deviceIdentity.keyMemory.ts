import { fingerprint } from "../auth/fingerprint.ts";
import { members, textOf } from "../http/json.ts";
import type { Live, Values } from "../lifecycle/kind.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";

/**
 * The output that remembers by fingerprints which key was in which slot when the keys were last known to be as the last
 * rotation left them: by it a swap is recognized whose run ended before state was written.
 */
export const KEYS = "__keys";

/** What is remembered where state never knew the keys and somebody wrote the device since: nothing can be proved. */
const UNKNOWN = "?";

/** What became of the keys since they were remembered. */
export type Exchange = "none" | "exchanged" | "other";

/** Both keys of a device with `sas`, by fingerprints; undefined for any other. */
export function fingerprints(symmetricKey: unknown): string | undefined {
	const { primaryKey, secondaryKey } = members(symmetricKey);
	const keys = [textOf(primaryKey), textOf(secondaryKey)];
	if (keys.some((key) => key === undefined)) return undefined;
	return keys.map((key) => fingerprint(key ?? "").slice(0, 8)).join(" ");
}

/** What became of the keys since the outputs were taken. */
export function exchangeOf(outputs: Values, live: Live<DeviceInputs>): Exchange {
	const before = remembered(outputs, live);
	const now = keysOf(live);
	if (before === now) return "none";
	return now !== undefined && before === exchanged(now) ? "exchanged" : "other";
}

/** What to remember of a device that was only looked at, or had something else changed. Keys that are exchanged stay evidence. */
export function keysKept(outputs: Values, live: Live<DeviceInputs>): string | undefined {
	const now = keysOf(live);
	if (now === undefined) return undefined;
	const before = remembered(outputs, live);
	if (before === UNKNOWN && outputs[KEYS] === undefined) return before;
	return exchangeOf(outputs, live) === "exchanged" ? before : now;
}

/**
 * What to remember of a device that nobody wrote since the outputs were taken. Keys of which nothing could be proved count
 * as they are from here on: whoever runs a refresh once more was told of them.
 */
export function keysTrusted(outputs: Values): unknown {
	return outputs[KEYS] === UNKNOWN ? undefined : outputs[KEYS];
}

/** The keys of a live device, as they are remembered. */
export function keysOf({ values }: Live<DeviceInputs>): string | undefined {
	return fingerprints(values.authentication?.symmetricKey);
}

/**
 * State of an earlier release remembers nothing, but may keep the keys, or an etag that proves them untouched. Keys of a
 * device that had none are new.
 */
function remembered(outputs: Values, live: Live<DeviceInputs>): string | undefined {
	const stored = textOf(outputs[KEYS]) ?? fingerprints(outputs);
	if (stored !== undefined) return stored;
	const { type = "sas" } = members(outputs["authentication"]);
	const isKnown = type !== "sas" || outputs["etag"] === undefined || outputs["etag"] === live.etag;
	return isKnown ? keysOf(live) : UNKNOWN;
}

function exchanged(keys: string): string {
	return keys.split(" ").reverse().join(" ");
}
