/**
 * The names of IoT Hub's numeric error codes, status × 1000 + n ("IoT Hub common error codes", Microsoft Learn), as
 * far as a registry client meets them. Newer envelopes and bulk results carry the number only.
 */
export const ERROR_CODE_NAMES: Readonly<Record<number, string>> = {
	400001: "InvalidProtocolVersion",
	400004: "ArgumentInvalid",
	400005: "ArgumentNull",
	400011: "DeviceDefinedMultipleTimes",
	400013: "BulkRegistryOperationFailure",
	400023: "EtagDoesNotMatch",
	400028: "InvalidDeviceScope",
	401000: "GenericUnauthorized",
	401002: "IotHubUnauthorizedAccess",
	401003: "IotHubUnauthorized",
	403002: "IotHubQuotaExceeded",
	403010: "OperationNotAvailableInCurrentTier",
	404001: "DeviceNotFound",
	404010: "ModuleNotFound",
	409001: "DeviceAlreadyExists",
	409301: "ModuleAlreadyExistsOnDevice",
	412001: "PreconditionFailed",
	413002: "TooManyDevices",
	429001: "ThrottlingException",
	500001: "ServerError",
	503001: "ServiceUnavailable",
	503005: "ServerBusy",
};
