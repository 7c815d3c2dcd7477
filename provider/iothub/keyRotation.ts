import { createHash, randomBytes } from "node:crypto";
import { computeFingerprint } from "../keys/fingerprint.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { KEY_FINGERPRINTS_OUTPUT, LAST_ROTATION_OUTPUT, LATER_ROTATION_INPUT } from "../stateKeys.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";

/** The keys that a rotation can change: one of the two, or both by exchanging them. */
export const KEY_TYPES = ["primary", "secondary", "swap"] as const;

/** A rotation of a device's keys. */
export interface KeyRotation {
	readonly keyType: (typeof KEY_TYPES)[number];
	readonly generation: number;
}

/** A rotation in state, and the number of rotations completed until then. */
export interface CompletedRotation extends KeyRotation {
	readonly count: number;
}

/** Returns the rotation that the inputs request, if any. */
export function getRequestedRotation(inputs: Values): KeyRotation | undefined {
	const { rotation } = asObject(inputs["authentication"]);
	return rotation === undefined ? undefined : parseRotation(asObject(rotation));
}

/** Returns the rotation that counts as completed for a new device: the requested one, even if it is not due yet. */
export function getInitialRotation(inputs: Values): KeyRotation | undefined {
	const later = inputs[LATER_ROTATION_INPUT];
	return later === undefined ? getRequestedRotation(inputs) : parseRotation(asObject(later));
}

/** Returns the last completed rotation in state, if any. */
export function parseCompletedRotation(outputs: Values): CompletedRotation | undefined {
	const [count, keyType, generation] = (asString(outputs[LAST_ROTATION_OUTPUT]) ?? "").split(" ");
	return keyType === undefined
		? undefined
		: { ...parseRotation({ keyType, generation }), count: Number(count) };
}

/** Formats a rotation for {@link LAST_ROTATION_OUTPUT}. */
export function formatCompletedRotation({ count, keyType, generation }: CompletedRotation): string {
	return `${count} ${keyType} ${generation}`;
}

/**
 * Generates a key of 32 bytes: 24 random ones, and a tag of 8 that proves what the key was generated for. So the key itself
 * proves that a rotation was completed if its run ended before state was written. The tag cannot be computed without the key,
 * and 192 random bits cannot be guessed.
 *
 * @param label identifies what the key is generated for, among all devices; only the tag is derived from it
 */
export function generateKey(label: string): string {
	const random = randomBytes(RANDOM_BYTES);
	return Buffer.concat([random, computeKeyTag(random, label)]).toString("base64");
}

/** Whether the key was generated with this label. */
export function isKeyGeneratedFor(label: string, key: string): boolean {
	const bytes = Buffer.from(key, "base64");
	return (
		bytes.length === 32 &&
		computeKeyTag(bytes.subarray(0, RANDOM_BYTES), label).equals(bytes.subarray(RANDOM_BYTES))
	);
}

const RANDOM_BYTES = 24;

function computeKeyTag(random: Buffer, label: string): Buffer {
	return createHash("sha256").update(random).update(label).digest().subarray(0, 8);
}

function parseRotation({ keyType, generation }: Values): KeyRotation {
	const knownKeyType = KEY_TYPES.find((type) => type === keyType);
	return { keyType: knownKeyType ?? "secondary", generation: Number(generation) };
}

/** Stored instead of fingerprints if state never contained the keys and the device was written since: nothing can be proved. */
const UNPROVABLE_KEYS = "?";

/** How the keys differ from the stored fingerprints. */
export type KeyChange = "none" | "swapped" | "other";

/** Returns the fingerprints of both keys; undefined for a device without keys. */
function computeKeyFingerprints(symmetricKey: unknown): string | undefined {
	const { primaryKey, secondaryKey } = asObject(symmetricKey);
	const keys = [asString(primaryKey), asString(secondaryKey)];
	if (keys.some((key) => key === undefined)) return undefined;
	return keys.map((key) => computeFingerprint(key ?? "").slice(0, 8)).join(" ");
}

/** Returns how the keys differ from those in state. */
export function detectKeyChange(outputs: Values, live: LiveObject<DeviceInputs>): KeyChange {
	const before = getStoredFingerprints(outputs, live);
	const now = getKeyFingerprints(live);
	if (before === now) return "none";
	return now !== undefined && before === swapFingerprints(now) ? "swapped" : "other";
}

/** Returns the fingerprints to store after a refresh, or after a change without a rotation. Those of swapped keys stay as proof. */
export function refreshKeyFingerprints(outputs: Values, live: LiveObject<DeviceInputs>): string | undefined {
	const now = getKeyFingerprints(live);
	if (now === undefined) return undefined;
	const before = getStoredFingerprints(outputs, live);
	if (before === UNPROVABLE_KEYS && outputs[KEY_FINGERPRINTS_OUTPUT] === undefined) return before;
	return detectKeyChange(outputs, live) === "swapped" ? before : now;
}

/**
 * Returns the fingerprints to store after a refresh of an unchanged device. If nothing could be proved about its keys, they are
 * accepted as they are: the refresh before this one has warned.
 */
export function confirmKeyFingerprints(outputs: Values): unknown {
	return outputs[KEY_FINGERPRINTS_OUTPUT] === UNPROVABLE_KEYS ? undefined : outputs[KEY_FINGERPRINTS_OUTPUT];
}

/** Returns the fingerprints of a live device's keys; undefined if it has none. */
export function getKeyFingerprints({ values }: LiveObject<DeviceInputs>): string | undefined {
	return computeKeyFingerprints(values.authentication?.symmetricKey);
}

/**
 * Returns the stored fingerprints. State of an earlier release has none, but may contain the keys, or an etag that proves them
 * unchanged. The keys of a device that had none are new.
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
