import { createHash, randomBytes } from "node:crypto";
import { computeFingerprint } from "../keys/fingerprint.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import { KEY_FINGERPRINTS_OUTPUT, LAST_ROTATION_OUTPUT, LATER_ROTATION_INPUT } from "../stateKeys.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";

/** Which key gets a new value: one of the two, or each the other's. */
export const KEY_TYPES = ["primary", "secondary", "swap"] as const;

/** A rotation of a device's keys. */
export interface KeyRotation {
	readonly keyType: (typeof KEY_TYPES)[number];
	readonly generation: number;
}

/** A rotation that state remembers, and how many were carried out until then. */
export interface CompletedRotation extends KeyRotation {
	readonly count: number;
}

/** The rotation that inputs ask for, if any. */
export function getRequestedRotation(inputs: Values): KeyRotation | undefined {
	const { rotation } = asObject(inputs["authentication"]);
	return rotation === undefined ? undefined : parseRotation(asObject(rotation));
}

/** The rotation of which the keys of a device that is made now are: the one that inputs ask for, be it later. */
export function getInitialRotation(inputs: Values): KeyRotation | undefined {
	const later = inputs[LATER_ROTATION_INPUT];
	return later === undefined ? getRequestedRotation(inputs) : parseRotation(asObject(later));
}

/** The rotation that was carried out last, if any. */
export function parseCompletedRotation(outputs: Values): CompletedRotation | undefined {
	const [count, keyType, generation] = (asString(outputs[LAST_ROTATION_OUTPUT]) ?? "").split(" ");
	return keyType === undefined
		? undefined
		: { ...parseRotation({ keyType, generation }), count: Number(count) };
}

/** A rotation as state remembers it. */
export function formatCompletedRotation({ count, keyType, generation }: CompletedRotation): string {
	return `${count} ${keyType} ${generation}`;
}

/**
 * A new key of 32 bytes: 24 at random, and 8 that prove which rotation made it. So it shows by itself that a rotation was
 * carried out whose run ended before state was written. Nothing but the key can make the proof, and 192 random bits are
 * more than anybody can try.
 *
 * @param label tells the rotation from all others, of any device
 */
export function generateKey(label: string): string {
	const random = randomBytes(RANDOM_BYTES);
	return Buffer.concat([random, computeKeyTag(random, label)]).toString("base64");
}

/** Whether this rotation made the key. */
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
