import { createHash, randomBytes } from "node:crypto";
import { computeFingerprint } from "../keys/fingerprint.ts";
import type { LiveObject } from "../resource/resourceType.ts";
import {
	CREATOR_INPUT,
	KEY_FINGERPRINTS_OUTPUT,
	LAST_ROTATION_OUTPUT,
	LATER_ROTATION_INPUT,
	ORIGIN_INPUT,
} from "../stateKeys.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { hasWithheldKeys } from "./withheldKeys.ts";

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
 * proves who created a device, or that a rotation was completed, if its run ended before state was written. The tag cannot be
 * computed without the key, and 192 random bits cannot be guessed.
 *
 * @param label identifies what the key is generated for, among all devices; only the tag is derived from it
 */
export function generateKey(label: string): string {
	return appendTag((random) => computeKeyTag(random, label, TAG_BYTES));
}

/** Whether {@link generateKey} generated the key with this label. */
export function isKeyGeneratedFor(label: string, key: string): boolean {
	return hasTag(key, (random) => computeKeyTag(random, label, TAG_BYTES));
}

/**
 * Generates the key of a rotation, as {@link generateKey} does. Half of the tag proves the rotation, the other half also the stack.
 *
 * @param stack the stack whose program requests the rotation
 */
export function generateRotatedKey(label: string, stack: string): string {
	return appendTag((random) => computeRotationTag(random, label, stack));
}

/**
 * Whether {@link generateRotatedKey} generated the key with this label.
 *
 * @param stack the stack that must have requested it. Default: any
 */
export function isKeyRotatedFor(label: string, key: string, stack?: string): boolean {
	return hasTag(key, (random) => computeRotationTag(random, label, stack));
}

const RANDOM_BYTES = 24;
const TAG_BYTES = 8;

function appendTag(computeTag: (random: Buffer) => Buffer): string {
	const random = randomBytes(RANDOM_BYTES);
	return Buffer.concat([random, computeTag(random)]).toString("base64");
}

/** Whether the tag of a key begins with the computed one. */
function hasTag(key: string, computeTag: (random: Buffer) => Buffer): boolean {
	const bytes = Buffer.from(key, "base64");
	if (bytes.length !== RANDOM_BYTES + TAG_BYTES) return false;
	const tag = computeTag(bytes.subarray(0, RANDOM_BYTES));
	return tag.equals(bytes.subarray(RANDOM_BYTES, RANDOM_BYTES + tag.length));
}

function computeRotationTag(random: Buffer, label: string, stack: string | undefined): Buffer {
	const rotationTag = computeKeyTag(random, label, TAG_BYTES / 2);
	if (stack === undefined) return rotationTag;
	return Buffer.concat([rotationTag, computeKeyTag(random, `${stack}\n${label}`, TAG_BYTES / 2)]);
}

function computeKeyTag(random: Buffer, label: string, length: number): Buffer {
	return createHash("sha256").update(random).update(label).digest().subarray(0, length);
}

/** Returns the label of a rotation, unique among all rotations of all devices. */
export function formatRotationLabel(
	live: LiveObject<DeviceInputs>,
	{ count, keyType, generation }: CompletedRotation,
): string {
	return [live.values.deviceId, live.uid, count, keyType, generation].join("\n");
}

/** Returns the stack whose program declares these inputs: `<organization>/<project>/<stack>`; empty if it is not known. */
export function getDeclaringStack(inputs: Values): string {
	const origin = asString(inputs[ORIGIN_INPUT]) ?? asString(inputs[CREATOR_INPUT]) ?? "";
	return origin.split("/").slice(0, 3).join("/");
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
	// Keys that cannot be read may still be those of the fingerprints.
	if (now === undefined) return hasWithheldKeys(live) ? getStoredFingerprints(outputs, live) : undefined;
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
