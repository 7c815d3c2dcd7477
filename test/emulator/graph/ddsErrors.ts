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
