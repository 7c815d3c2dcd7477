import { createHash, randomBytes } from "node:crypto";
import { members, textOf } from "../http/json.ts";
import type { Values } from "../lifecycle/kind.ts";

/** Which key gets a new value: one of the two, or each the other's. */
export const KEY_TYPES = ["primary", "secondary", "swap"] as const;

/** A rotation of a device's keys. */
export interface Rotation {
	readonly keyType: (typeof KEY_TYPES)[number];
	readonly generation: number;
}

/** A rotation that state remembers, and how many were carried out until then. */
export interface Carried extends Rotation {
	readonly count: number;
}

/** The output that remembers the rotation that was carried out last: `2 secondary 5`. */
export const ROTATION = "__rotation";

/** The input by which a fleet tells a device of a rotation that has not come to it yet. No program has it. */
export const LATER = "__laterRotation";

/** The rotation that inputs ask for, if any. */
export function rotationIn(inputs: Values): Rotation | undefined {
	const { rotation } = members(inputs["authentication"]);
	return rotation === undefined ? undefined : read(members(rotation));
}

/** The rotation of which the keys of a device that is made now are: the one that inputs ask for, be it later. */
export function rotationAtBirth(inputs: Values): Rotation | undefined {
	const later = inputs[LATER];
	return later === undefined ? rotationIn(inputs) : read(members(later));
}

/** The rotation that was carried out last, if any. */
export function carriedIn(outputs: Values): Carried | undefined {
	const [count, keyType, generation] = (textOf(outputs[ROTATION]) ?? "").split(" ");
	return keyType === undefined ? undefined : { ...read({ keyType, generation }), count: Number(count) };
}

/** A rotation as state remembers it. */
export function carriedText({ count, keyType, generation }: Carried): string {
	return `${count} ${keyType} ${generation}`;
}

/**
 * A new key of 32 bytes: 24 at random, and 8 that prove which rotation made it. So it shows by itself that a rotation was
 * carried out whose run ended before state was written. Nothing but the key can make the proof, and 192 random bits are
 * more than anybody can try.
 *
 * @param rotation tells the rotation from all others, of any device
 */
export function newKey(rotation: string): string {
	const random = randomBytes(RANDOM);
	return Buffer.concat([random, proof(random, rotation)]).toString("base64");
}

/** Whether this rotation made the key. */
export function isKeyOf(rotation: string, key: string): boolean {
	const bytes = Buffer.from(key, "base64");
	return bytes.length === 32 && proof(bytes.subarray(0, RANDOM), rotation).equals(bytes.subarray(RANDOM));
}

const RANDOM = 24;

function proof(random: Buffer, rotation: string): Buffer {
	return createHash("sha256").update(random).update(rotation).digest().subarray(0, 8);
}

function read({ keyType, generation }: Values): Rotation {
	const known = KEY_TYPES.find((type) => type === keyType);
	return { keyType: known ?? "secondary", generation: Number(generation) };
}
