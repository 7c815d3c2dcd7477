import type { ImportRecord, ImportState } from "../graph/importRecord.ts";
import type { Machine, MachineFacts, ManagedFields } from "../graph/machine.ts";

/** What may be changed on a machine behind a client's back; members left out stay as they are. */
export type MachineChange = Partial<ManagedFields & MachineFacts>;

/** A machine to begin with. */
export interface MachineSeed extends MachineChange {
	readonly serialNumber: string;
	/** The 4K hash in base64. Default a made-up one for the serial number. */
	readonly hardwareIdentifier?: string;
	/** The registration id. Default a new one. */
	readonly id?: string;
}

/** Everything that the service knows of a machine, the hash and the password included. */
export interface MachineView extends Readonly<ManagedFields>, Readonly<MachineFacts> {
	/** The registration id. */
	readonly id: string;
	readonly serialNumber: string;
	readonly hardwareIdentifier: string;
	/** Whether it can be read yet. */
	readonly isVisible: boolean;
	/** Whether its deletion was accepted and has not happened yet. */
	readonly isLeaving: boolean;
	/** Counts its changes, whoever made them, from 1. */
	readonly revision: number;
}

/** Everything that the service knows of an import, the hash included. */
export interface ImportView {
	readonly id: string;
	readonly importId: string;
	readonly serialNumber: string;
	readonly hardwareIdentifier: string;
	readonly groupTag: string;
	readonly productKey: string;
	readonly assignedUserPrincipalName: string;
	readonly orderIdentifier: string;
	readonly state: ImportState;
	/** The upload that it belongs to; only under the profile "seed". */
	readonly upload: string | undefined;
	/** Virtual milliseconds since 1970. */
	readonly createdAt: number;
}

/** What may be changed on an import record behind a client's back. */
export type ImportChange = Partial<
	Pick<
		ImportRecord,
		"groupTag" | "serialNumber" | "productKey" | "assignedUserPrincipalName" | "orderIdentifier"
	>
>;

/** What is particular about an import record that somebody left. */
export interface LeftImport {
	/** Default the record's own id. */
	readonly importId?: string;
	/** Whether it is below an upload of its own; only under the profile "seed". Default false. */
	readonly upload?: boolean;
}

/** The names of all members that may be changed on a machine. */
export const MACHINE_MEMBERS = [
	"groupTag",
	"displayName",
	"userPrincipalName",
	"addressableUserName",
	"resourceName",
	"deviceAccountUpn",
	"deviceAccountPassword",
	"deviceFriendlyName",
	"productKey",
	"purchaseOrderIdentifier",
	"manufacturer",
	"model",
	"skuNumber",
	"systemFamily",
	"enrollmentState",
	"lastContacted",
	"managedDeviceId",
	"azureActiveDirectoryDeviceId",
	"deploymentProfileAssignmentStatus",
	"deploymentProfileAssigned",
	"userlessEnrollmentStatus",
] as const satisfies ReadonlyArray<keyof MachineChange>;

/** Writes the full view of a machine. */
export function toMachineView({ batch, deletableFrom, ...machine }: Machine): MachineView {
	return machine;
}

/** Writes the full view of an import. */
export function importView({ batch, revision, ...record }: ImportRecord): ImportView {
	return record;
}
