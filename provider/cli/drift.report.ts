import type { InspectResult } from "../resource/inspect.ts";

/** The objects of a stack that drifted. `--format json` prints this object: members may be added, none may be removed. */
export interface DriftReport {
	/** The version of this layout; it is increased if a member is removed or changes its meaning. */
	readonly version: 1;
	/** The stack, if `--stack` names one. */
	readonly stack?: string;
	/** How many resources the stack manages; a fleet is one. */
	readonly checked: number;
	/** How many of them were changed, deleted or recreated. */
	readonly drifted: number;
	/** How many of them could not be read. */
	readonly failed: number;
	/** How many encrypted fields could not be compared, because the state was exported without its secrets. */
	readonly withheld: number;
	/** How many devices the stack manages, single ones and those of fleets, and how many of these drifted. */
	readonly devices: DriftCounts;
	/** The same for machines of Windows Autopilot. */
	readonly machines: DriftCounts;
	/** The resources that are not as they were deployed, in the order of their URNs. */
	readonly resources: readonly ReportedResource[];
}

/** How many objects were checked, and how many of them have each status. */
export interface DriftCounts extends Readonly<Record<DriftStatus, number>> {
	readonly checked: number;
}

/** How an object differs from its last deployment. */
export type DriftStatus = Exclude<InspectResult["status"], "unchanged"> | "unreadable";

/** How severe a status is; these are levels of SARIF. */
export type DriftSeverity = "error" | "warning";

/** An object that is not as it was deployed, or could not be read. */
export interface ReportedObject {
	/** The resource's name in the program, or the member's name in its fleet. */
	readonly name: string;
	/** The object's name in messages: the id, with the serial number if there is one. */
	readonly label: string;
	readonly status: DriftStatus;
	readonly severity: DriftSeverity;
	/** The id of the object that replaced this one after it was deleted. */
	readonly successor?: string;
	/** The declared fields that differ; empty if only the message applies. */
	readonly differences: readonly ReportedDifference[];
	/** The message for people; it may have several lines. */
	readonly message?: string;
}

/**
 * A resource that is not as it was deployed, or could not be read. The status of a fleet is `changed`, whatever happened to
 * its members, or `unreadable` if any of them could not be read; its severity is the highest of theirs.
 */
export interface ReportedResource extends ReportedObject {
	readonly urn: string;
	/** The resource's type, as state has it: `pulumi-nodejs:dynamic/iothub:DeviceIdentity`. */
	readonly type: string;
	/** The object's id. */
	readonly id: string;
	/** The hub's host name; absent for machines. */
	readonly hubHostName?: string;
	/** How many members a fleet has, and how many of them have each status. Only fleets have it. */
	readonly counts?: DriftCounts;
	/** The members of a fleet that are not as they were deployed: the severe first, then by name. Only fleets have it. */
	readonly members?: readonly ReportedObject[];
}

/** A field that differs. A missing value is null; a secret is a fingerprint. */
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

/** Formats a report as text that ends with a line break. */
export type ReportFormatter = (report: DriftReport, options: ReportFormatOptions) => string;

/** Options of a format. */
export interface ReportFormatOptions {
	/** The file to which results are assigned. */
	readonly sourceFile: string;
}
