import type { InspectResult } from "../lifecycle/inspect.ts";

/** What was found of a stack's objects. This is what `--format json` prints; a member may be added, none goes. */
export interface DriftReport {
	/** The version of this layout; another number means that a member went or changed its meaning. */
	readonly version: 1;
	/** The stack, where it was named. */
	readonly stack?: string;
	/** How many objects the stack manages. */
	readonly checked: number;
	/** How many of them were changed, deleted or created again. */
	readonly drifted: number;
	/** How many of them could not be read. */
	readonly failed: number;
	/** How many encrypted fields could not be compared, because the state was exported without its secrets. */
	readonly withheld: number;
	/** The objects that are not as they were deployed, in the order of their URNs. */
	readonly resources: readonly ReportedResource[];
}

/** What can have become of an object. */
export type DriftStatus = Exclude<InspectResult["status"], "unchanged"> | "unreadable";

/** An object that is not as it was deployed, or could not be read. */
export interface ReportedResource {
	readonly urn: string;
	/** The resource's type, as state has it: `pulumi-nodejs:dynamic/iothub:DeviceIdentity`. */
	readonly type: string;
	/** The resource's name in the program. */
	readonly name: string;
	/** The object's id. */
	readonly id: string;
	/** How messages name the object: a serial number beside the id, where it has one. */
	readonly label: string;
	readonly status: DriftStatus;
	/** The id of a later object that stands for the same thing, where this one was deleted. */
	readonly successor?: string;
	/** The declared fields that differ; none where a message says it all. */
	readonly differences: readonly ReportedDifference[];
	/** What there is to say to people, in lines. */
	readonly message?: string;
}

/** A field that differs. A value is null where there is none; of a secret it is a fingerprint. */
export interface ReportedDifference {
	/** Dotted path below the resource's properties. */
	readonly path: string;
	/** The value at the last deployment. */
	readonly last: string | null;
	/** The live value. */
	readonly live: string | null;
	/** The declared value. */
	readonly declared: string | null;
	/** Set on secrets. */
	readonly secret?: true;
}
