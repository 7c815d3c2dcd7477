import type { ImportRecord, ImportState } from "../graph/importRecord.ts";
import type { Machine, MachineFacts, ManagedFields } from "../graph/machine.ts";

/** A change of a machine behind a client's back; omitted members stay as they are. */
export type MachineChange = Partial<ManagedFields & MachineFacts & Pick<Machine, "serialNumber">>;

/** A machine to register. */
export interface MachineSeed extends MachineChange {
	readonly serialNumber: string;
	/** The 4K hash in base64. Default: a generated one for the serial number. */
	readonly hardwareIdentifier?: string;
	/** The registration id. Default: a new one. */
	readonly id?: string;
}

/** All data that the service has of a machine, including the hash and the password. */
export interface MachineView extends Readonly<ManagedFields>, Readonly<MachineFacts> {
	/** The registration id. */
	readonly id: string;
	readonly serialNumber: string;
	readonly hardwareIdentifier: string;
	/** Whether it can be read yet. */
	readonly isVisible: boolean;
	/** Whether its deletion was accepted but has not happened yet. */
	readonly isLeaving: boolean;
	/** The number of its changes by anybody, starting at 1. */
	readonly revision: number;
}

/** All data that the service has of an import, including the hash. */
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

/** A change of an import record behind a client's back. */
export type ImportChange = Partial<
	Pick<
		ImportRecord,
		"groupTag" | "serialNumber" | "productKey" | "assignedUserPrincipalName" | "orderIdentifier"
	>
>;

/** The properties of an import record that somebody left. */
export interface LeftImport {
	/** Default: the record's own id. */
	readonly importId?: string;
	/** Whether it is below an upload of its own; only under the profile "seed". Default false. */
	readonly upload?: boolean;
}

/** The names of all members of a machine that can be changed. */
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

/** Returns the full view of a machine. */
export function toMachineView({ batch, deletableFrom, listedFrom, ...machine }: Machine): MachineView {
	return machine;
}

/** Returns the full view of an import. */
export function importView({ batch, revision, ...record }: ImportRecord): ImportView {
	return record;
}
