import { createHash, randomUUID } from "node:crypto";
import type { Values } from "./kind.ts";
import { describeOrigin, ORIGIN } from "./origin.ts";

/**
 * The output that tells one record of the stack from every other record of the same object: a random id, and behind a
 * slash the {@link originTag} of the resource that made the record. State written before 0.2 has none.
 */
export const RECORD = "__record";

/** A record of the stack: a resource in state, or one that is about to be created. */
export interface Holder {
	/** Tells the record from all others of this run. */
	readonly record: string;
	/** Whether state itself tells the record from others. Without a mark, two records of one object may look alike. */
	readonly isMarked: boolean;
	/** The {@link originTag} of the resource: two records of one resource have the same; empty where nobody said. */
	readonly tag: string;
	/** Whether the resource is about to be created, so that state has no record of it yet. */
	readonly isNew: boolean;
	/** How messages name the resource: `DeviceFleet plant`; `another resource` where nobody said. */
	readonly name: string;
}

/** The record of a resource that is about to be created. */
export function newHolder(inputs: Values): Holder {
	return {
		record: newMark(inputs),
		isMarked: true,
		isNew: true,
		tag: originTag(inputs),
		name: nameFrom(inputs),
	};
}

/**
 * The record that state has of a resource.
 *
 * @param outputs the record's outputs as state has them
 * @param inputs what the program declares now, for the resource's name; none where the resource left the program
 */
export function holderOf(outputs: Values, inputs: Values = {}): Holder {
	const mark = outputs[RECORD];
	const name = nameFrom(inputs);
	if (typeof mark !== "string")
		return { record: digest(outputs), isMarked: false, isNew: false, tag: originTag(inputs), name };
	return { record: mark, isMarked: true, isNew: false, tag: mark.split("/")[1] ?? "", name };
}

/** The mark that an update leaves in state: the record's own, under the name that its resource has now; a new one where it has none. */
export function keepOrCreateMark(outputs: Values, inputs: Values): string {
	const mark = outputs[RECORD];
	if (typeof mark !== "string") return newMark(inputs);
	return isRenamed(outputs, inputs) ? `${mark.split("/")[0]}/${originTag(inputs)}` : mark;
}

/**
 * Whether the resource got another name by an alias since its record was marked. State must learn of it by an update without a
 * write, or a forced replacement, of which only `check` hears, would look like another resource's.
 */
export function isRenamed(outputs: Values, inputs: Values): boolean {
	const { isMarked, tag } = holderOf(outputs);
	const now = originTag(inputs);
	return isMarked && now !== "" && now !== tag;
}

/**
 * What of an origin stands in a mark: it tells whether two records of a stack are of one resource, and outlives the stack's name.
 * Empty without an origin.
 */
export function originTag(inputs: Values): string {
	const name = describeOrigin(inputs[ORIGIN]);
	return name === undefined ? "" : createHash("sha256").update(name).digest("hex").slice(0, 8);
}

function newMark(inputs: Values): string {
	return `${randomUUID()}/${originTag(inputs)}`;
}

function nameFrom(inputs: Values): string {
	return describeOrigin(inputs[ORIGIN]) ?? "another resource";
}

/** State has the same outputs for `diff` as for `delete`, so they tell the record where nothing else does. */
function digest(outputs: Values): string {
	return createHash("sha256").update(JSON.stringify(outputs)).digest("hex");
}
