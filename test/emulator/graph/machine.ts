/** What administrators may change of a registered machine. */
export interface ManagedFields {
	groupTag: string;
	displayName: string;
	userPrincipalName: string;
	addressableUserName: string;
	resourceName: string;
	deviceAccountUpn: string;
	deviceAccountPassword: string;
	deviceFriendlyName: string;
}

/** What the machine, its maker or the service says of it. */
export interface MachineFacts {
	productKey: string;
	purchaseOrderIdentifier: string;
	manufacturer: string;
	model: string;
	skuNumber: string;
	systemFamily: string;
	enrollmentState: EnrollmentState;
	/** Virtual milliseconds since 1970; undefined for never. */
	lastContacted: number | undefined;
	managedDeviceId: string;
	azureActiveDirectoryDeviceId: string;
	deploymentProfileAssignmentStatus: string;
	deploymentProfileAssigned: number | undefined;
	userlessEnrollmentStatus: string;
}

/** The values of the type `enrollmentState`; `blocked` is known to beta only. */
export type EnrollmentState = "unknown" | "enrolled" | "pendingReset" | "failed" | "notContacted" | "blocked";

/** A machine registered with the tenant, read as a `windowsAutopilotDeviceIdentity`. */
export interface Machine extends ManagedFields, MachineFacts {
	/** The registration id; a machine that is registered again gets another. */
	readonly id: string;
	readonly serialNumber: string;
	/** The 4K hash as it came; "" for a machine that was registered without. Never given out. */
	readonly hardwareIdentifier: string;
	/** The call that registered it; undefined for those that were there from the start. */
	readonly batch: string | undefined;
	/** Whether the service's directory has it already, so that it can be read. */
	isVisible: boolean;
	/** Virtual milliseconds since 1970 before which it cannot be deleted. */
	readonly deletableFrom: number;
	/** Whether its deletion was accepted. */
	isLeaving: boolean;
	/** Counts its changes. */
	revision: number;
}

/** The managed fields of a machine about which nothing was said. */
export const BLANK_FIELDS: Readonly<ManagedFields> = {
	groupTag: "",
	displayName: "",
	userPrincipalName: "",
	addressableUserName: "",
	resourceName: "",
	deviceAccountUpn: "",
	deviceAccountPassword: "",
	deviceFriendlyName: "",
};

/** The facts of a machine that was never seen. */
export const BLANK_FACTS: Readonly<MachineFacts> = {
	productKey: "",
	purchaseOrderIdentifier: "",
	manufacturer: "",
	model: "",
	skuNumber: "",
	systemFamily: "",
	enrollmentState: "notContacted",
	lastContacted: undefined,
	managedDeviceId: "",
	azureActiveDirectoryDeviceId: "",
	deploymentProfileAssignmentStatus: "notAssigned",
	deploymentProfileAssigned: undefined,
	userlessEnrollmentStatus: "unknown",
};
