import { createHash, randomUUID } from "node:crypto";
import { describeOrigin, hashOrigin } from "../hiddenInputs.ts";
import { AFTER_INPUT, CREATES_FIRST_INPUT, ORIGIN_INPUT, RECORD_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";

/** Inputs or outputs. */

/** A record of the stack: a resource in state, or one that is about to be created. */
export interface Holder {
	/** Tells the record from all others of this run. */
	readonly recordId: string;
	/** Whether state itself tells the record from others. Without a mark, two records of one object may look alike. */
	readonly isMarked: boolean;
	/** The {@link getResourceHash} of the resource: two records of one resource have the same; empty where nobody said. */
	readonly resourceHash: string;
	/** Whether the resource is about to be created, so that state has no record of it yet. */
	readonly isNew: boolean;
	/** The tags of the resources that are sure to be registered before this one; undefined where nobody can tell. */
	readonly dependencies: ReadonlySet<string> | undefined;
	/** Whether the resource's options make a replacement create before it deletes. */
	readonly createsFirst: boolean;
	/** How messages name the resource: `DeviceFleet plant`; `another resource` where nobody said. */
	readonly name: string;
}

/** The record of a resource that is about to be created. */
export function createHolder(inputs: Values): Holder {
	return {
		...readHiddenInputs(inputs),
		recordId: createMark(inputs),
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
export function identifyHolder(outputs: Values, inputs: Values = {}): Holder {
	const mark = outputs[RECORD_OUTPUT];
	const declared = { ...readHiddenInputs(inputs), isNew: false };
	if (typeof mark !== "string") return { ...declared, recordId: hashOutputs(outputs), isMarked: false };
	return {
		...declared,
		recordId: mark,
		isMarked: true,
		resourceHash: declared.resourceHash || parseResourceHash(mark),
	};
}

/** What the program tells of a resource in its hidden inputs. */
export function readHiddenInputs(
	inputs: Values,
): Pick<Holder, "resourceHash" | "name" | "dependencies" | "createsFirst"> {
	const name = describeOrigin(inputs[ORIGIN_INPUT]) ?? "another resource";
	const dependencies = inputs[AFTER_INPUT];
	return {
		resourceHash: getResourceHash(inputs),
		name,
		dependencies: typeof dependencies === "string" ? new Set(dependencies.split(" ")) : undefined,
		createsFirst: inputs[CREATES_FIRST_INPUT] === true,
	};
}

/**
 * Whether the resource got another name by an alias since its record was marked. State must learn of it by an update without a
 * write: of a record that ends nothing but the mark tells which resource's it was.
 */
export function wasRenamed(outputs: Values, inputs: Values): boolean {
	const mark = outputs[RECORD_OUTPUT];
	const previousHash = typeof mark === "string" ? parseResourceHash(mark) : "";
	const currentHash = getResourceHash(inputs);
	return previousHash !== "" && currentHash !== "" && currentHash !== previousHash;
}

/** The mark that an update leaves in state: the record's own, under the name that its resource has now; a new one where it has none. */
export function keepOrCreateMark(outputs: Values, inputs: Values): string {
	const mark = outputs[RECORD_OUTPUT];
	if (typeof mark !== "string") return createMark(inputs);
	return `${mark.split("/")[0]}/${getResourceHash(inputs) || parseResourceHash(mark)}`;
}

/**
 * What of an origin stands in a mark: it tells whether two records of a stack are of one resource, and outlives the stack's name.
 * Empty without an origin.
 */
function getResourceHash(inputs: Values): string {
	return hashOrigin(inputs[ORIGIN_INPUT]);
}

function parseResourceHash(mark: string): string {
	return mark.split("/")[1] ?? "";
}

function createMark(inputs: Values): string {
	return `${randomUUID()}/${getResourceHash(inputs)}`;
}

/** State has the same outputs for `diff` as for `delete`, so they tell the record where nothing else does. */
function hashOutputs(outputs: Values): string {
	return createHash("sha256").update(JSON.stringify(outputs)).digest("hex");
}
