/** The values of the type `importedWindowsAutopilotDeviceIdentityImportStatus` that the service was seen to use. */
export type ImportStatus = "unknown" | "pending" | "complete" | "error";

/** What a client says of a machine to be imported. */
export interface ImportWish {
	groupTag: string;
	serialNumber: string;
	productKey: string;
	/** undefined where the client gives none. */
	importId: string | undefined;
	/** The 4K hash, "" for none. Never given out again. */
	hardwareIdentifier: string;
	assignedUserPrincipalName: string;
	/** The group tag's former name; only the routes of the profile "seed" know it. */
	orderIdentifier: string;
}

/** How far an import is. */
export interface ImportState {
	readonly status: ImportStatus;
	readonly registrationId: string;
	readonly errorCode: number;
	readonly errorName: DdsErrorName | "None" | "";
}

/** The status record of one import. */
export interface ImportRecord extends ImportWish {
	readonly id: string;
	readonly importId: string;
	/** The call that it came with. */
	readonly batch: string;
	/** The upload that it belongs to, if any. */
	readonly upload: string | undefined;
	/** Virtual milliseconds since 1970. */
	readonly createdAt: number;
	state: ImportState;
	/** Counts its changes. */
	revision: number;
}

/** The state of an import that waits in the queue. */
export const QUEUED: ImportState = { status: "unknown", registrationId: "", errorCode: 0, errorName: "" };

/**
 * How an import may fail, as the Device Directory Service names it, with its number ("Manually register devices with
 * Windows Autopilot", "Troubleshoot importing devices"). The number of ZtdDeviceDuplicated is nowhere published; a switch
 * has it.
 */
export const DDS_ERRORS = {
	StorageError: 640,
	InvalidZtdRequestBody: 801,
	InvalidZtdHardwareHash: 802,
	MissingZtdSerialNumberAndProductKey: 803,
	ZtdDeviceAlreadyAssigned: 806,
	ZtdDeviceIsNotRegistered: 807,
	ZtdDeviceAssignedToOtherTenant: 808,
	ZtdProfileIsNotRegistered: 809,
	ZtdProfileAssignedToOtherTenant: 810,
	ZtdDeviceRegisteredByOtherTenant: 811,
	ZtdDeviceNotFound: 812,
	ZtdDeviceIsNotUnique: 813,
	ZtdDeviceAlreadyAadRegistered: 814,
	ZtdDeviceDuplicated: 815,
} as const;

/** The name of a way to fail. */
export type DdsErrorName = keyof typeof DDS_ERRORS;

/** All names. */
export const DDS_ERROR_NAMES = Object.keys(DDS_ERRORS) as DdsErrorName[];
