/** The fields of a registered machine that administrators may change. */
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

/** The fields that come from the machine, its maker or the service. */
export interface MachineFacts {
	productKey: string;
	purchaseOrderIdentifier: string;
	manufacturer: string;
	model: string;
	skuNumber: string;
	systemFamily: string;
	enrollmentState: EnrollmentState;
	/** Virtual milliseconds since 1970, or undefined for never. */
	lastContacted: number | undefined;
	managedDeviceId: string;
	azureActiveDirectoryDeviceId: string;
	deploymentProfileAssignmentStatus: string;
	deploymentProfileAssigned: number | undefined;
	userlessEnrollmentStatus: string;
}

/** The values of the type `enrollmentState`; only beta has `blocked`. */
export type EnrollmentState = "unknown" | "enrolled" | "pendingReset" | "failed" | "notContacted" | "blocked";

/** A machine that is registered with the tenant; its representation is a `windowsAutopilotDeviceIdentity`. */
export interface Machine extends ManagedFields, MachineFacts {
	/** The registration id; a machine that is registered again gets a new one. */
	readonly id: string;
	readonly serialNumber: string;
	/** The 4K hash as received; "" for a machine registered without one. It is never returned. */
	readonly hardwareIdentifier: string;
	/** The request that registered it, or undefined for machines that existed from the start. */
	readonly batch: string | undefined;
	/** Whether the service's directory has it already, so that it can be read. */
	isVisible: boolean;
	/** Virtual milliseconds since 1970; the list does not have it before. */
	readonly listedFrom: number;
	/** Virtual milliseconds since 1970; it cannot be deleted before. */
	readonly deletableFrom: number;
	/** Whether its deletion was accepted. */
	isLeaving: boolean;
	/** The number of its changes. */
	revision: number;
}

/** The managed fields of a machine before anybody sets them. */
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

/** The facts of a machine before its first contact. */
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
