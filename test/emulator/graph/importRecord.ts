/** The values of the type `importedWindowsAutopilotDeviceIdentityImportStatus` that the service was seen to use. */
export type ImportStatus = "unknown" | "pending" | "complete" | "error";

/** The data that a client sends about a machine to import. */
export interface ImportWish {
	groupTag: string;
	serialNumber: string;
	productKey: string;
	/** undefined if the client sends none. */
	importId: string | undefined;
	/** The 4K hash, "" for none. It is never returned. */
	hardwareIdentifier: string;
	assignedUserPrincipalName: string;
	/** The group tag's former name; only the routes of the profile "seed" have it. */
	orderIdentifier: string;
}

/** The progress of an import. */
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
	/** The request that it came with. */
	readonly batch: string;
	/** The upload that it belongs to, if any. */
	readonly upload: string | undefined;
	/** Virtual milliseconds since 1970. */
	readonly createdAt: number;
	state: ImportState;
	/** The number of its changes. */
	revision: number;
}

/** The state of a queued import. */
export const QUEUED: ImportState = { status: "unknown", registrationId: "", errorCode: 0, errorName: "" };

/**
 * The errors of an import with their names in the Device Directory Service and their numbers ("Manually register
 * devices with Windows Autopilot", "Troubleshoot importing devices"). The number of ZtdDeviceDuplicated is not
 * published; a switch sets it.
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

/** The name of an import error. */
export type DdsErrorName = keyof typeof DDS_ERRORS;

/** All names. */
export const DDS_ERROR_NAMES = Object.keys(DDS_ERRORS) as DdsErrorName[];
