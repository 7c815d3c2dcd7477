import { createHash, randomUUID } from "node:crypto";
import { describeOrigin, hashOrigin } from "../hiddenInputs.ts";
import { AFTER_INPUT, CREATES_FIRST_INPUT, ORIGIN_INPUT, RECORD_OUTPUT } from "../stateKeys.ts";
import type { Values } from "../values.ts";

/** A record of the stack that holds objects: a resource in state, or one that is about to be created. */
export interface Holder {
	/** Identifies the record within this run. */
	readonly recordId: string;
	/**
	 * The member for which the record of a fleet holds an object, if the service assigns ids: two members may then turn out to be one
	 * object. Absent for any other record.
	 */
	readonly memberName?: string;
	/** Whether the record has a mark in state. Without marks, two records of one object may be indistinguishable. */
	readonly isMarked: boolean;
	/** The hash of the resource, which all its records share; empty if it is not known. */
	readonly resourceHash: string;
	/** Whether the resource is about to be created and state has no record of it yet. */
	readonly isNew: boolean;
	/** The hashes of the resources that are always registered before this one; undefined if they are not known. */
	readonly dependencies: ReadonlySet<string> | undefined;
	/** Whether the resource's options make a replacement create the new object before it deletes the old one. */
	readonly createsFirst: boolean;
	/** The resource's name in messages: `DeviceFleet plant`; `another resource` if it is not known. */
	readonly name: string;
}

/** Creates the record of a resource that is about to be created. */
export function createHolder(inputs: Values): Holder {
	return {
		...readHiddenInputs(inputs),
		recordId: createMark(inputs),
		isMarked: true,
		isNew: true,
	};
}

/**
 * Returns the record that state has of a resource.
 *
 * @param outputs the record's outputs in state
 * @param inputs the inputs of the program, for the resource's name. Default: none, because the resource left the program
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

/** Returns the holder for one member of a fleet whose objects get their ids from the service. */
export function createMemberHolder(fleetHolder: Holder, memberName: string): Holder {
	return { ...fleetHolder, memberName, name: `${memberName} of ${fleetHolder.name}` };
}

/** Whether both are the same record and, for a fleet, the same member of it. */
export function isSameHolder(one: Holder, other: Holder): boolean {
	return one.recordId === other.recordId && one.memberName === other.memberName;
}

/** Returns what the hidden inputs say about a resource. */
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
 * Whether the resource was renamed by an alias since its record was marked. An update without a write must then store the new mark:
 * when a record is removed, only its mark identifies its resource.
 */
export function wasRenamed(outputs: Values, inputs: Values): boolean {
	const mark = outputs[RECORD_OUTPUT];
	const previousHash = typeof mark === "string" ? parseResourceHash(mark) : "";
	const currentHash = getResourceHash(inputs);
	return previousHash !== "" && currentHash !== "" && currentHash !== previousHash;
}

/** Returns the mark that an update writes: the record's id, or a new one, with the hash of the resource's current name. */
export function keepOrCreateMark(outputs: Values, inputs: Values): string {
	const mark = outputs[RECORD_OUTPUT];
	if (typeof mark !== "string") return createMark(inputs);
	return `${mark.split("/")[0]}/${getResourceHash(inputs) || parseResourceHash(mark)}`;
}

/**
 * Returns the hash of the resource that the inputs belong to; empty without an origin. Two records of a stack with the same hash belong
 * to one resource. The hash does not depend on the name of the stack.
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

/** Returns an id for a record without a mark: `diff` and `delete` receive the same outputs from state. */
function hashOutputs(outputs: Values): string {
	return createHash("sha256").update(JSON.stringify(outputs)).digest("hex");
}
