import { createHash, randomUUID } from "node:crypto";
import { AFTER, CREATES_FIRST, describeOrigin, ORIGIN, tagIn } from "./origin.ts";

/** Inputs or outputs. */
type Values = Readonly<Record<string, unknown>>;

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
	/** The tags of the resources that are sure to be registered before this one; undefined where nobody can tell. */
	readonly after: ReadonlySet<string> | undefined;
	/** Whether the resource's options make a replacement create before it deletes. */
	readonly createsFirst: boolean;
	/** How messages name the resource: `DeviceFleet plant`; `another resource` where nobody said. */
	readonly name: string;
}

/** The record of a resource that is about to be created. */
export function newHolder(inputs: Values): Holder {
	return {
		...describeResource(inputs),
		record: newMark(inputs),
		isMarked: true,
		isNew: true,
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
	const declared = { ...describeResource(inputs), isNew: false };
	if (typeof mark !== "string") return { ...declared, record: digest(outputs), isMarked: false };
	return { ...declared, record: mark, isMarked: true, tag: declared.tag || tagInMark(mark) };
}

/** What the program tells of a resource in its hidden inputs. */
export function describeResource(inputs: Values): Pick<Holder, "tag" | "name" | "after" | "createsFirst"> {
	const name = describeOrigin(inputs[ORIGIN]) ?? "another resource";
	const after = inputs[AFTER];
	return {
		tag: originTag(inputs),
		name,
		after: typeof after === "string" ? new Set(after.split(" ")) : undefined,
		createsFirst: inputs[CREATES_FIRST] === true,
	};
}

/**
 * Whether the resource got another name by an alias since its record was marked. State must learn of it by an update without a
 * write: of a record that ends nothing but the mark tells which resource's it was.
 */
export function isRenamed(outputs: Values, inputs: Values): boolean {
	const mark = outputs[RECORD];
	const tag = typeof mark === "string" ? tagInMark(mark) : "";
	const now = originTag(inputs);
	return tag !== "" && now !== "" && now !== tag;
}

/** The mark that an update leaves in state: the record's own, under the name that its resource has now; a new one where it has none. */
export function keepOrCreateMark(outputs: Values, inputs: Values): string {
	const mark = outputs[RECORD];
	if (typeof mark !== "string") return newMark(inputs);
	return `${mark.split("/")[0]}/${originTag(inputs) || tagInMark(mark)}`;
}

/**
 * What of an origin stands in a mark: it tells whether two records of a stack are of one resource, and outlives the stack's name.
 * Empty without an origin.
 */
function originTag(inputs: Values): string {
	return tagIn(inputs[ORIGIN]);
}

function tagInMark(mark: string): string {
	return mark.split("/")[1] ?? "";
}

function newMark(inputs: Values): string {
	return `${randomUUID()}/${originTag(inputs)}`;
}

/** State has the same outputs for `diff` as for `delete`, so they tell the record where nothing else does. */
function digest(outputs: Values): string {
	return createHash("sha256").update(JSON.stringify(outputs)).digest("hex");
}
