/**
 * The number of each error that the emulator raises: status × 1000 and a counter, as listed under "Common error codes" of
 * the IoT Hub REST reference.
 */
export const ERROR_NUMBERS = {
	InvalidProtocolVersion: 400001,
	ArgumentInvalid: 400004,
	ArgumentNull: 400005,
	DeviceDefinedMultipleTimes: 400011,
	InvalidDeviceScope: 400028,
	IotHubUnauthorizedAccess: 401002,
	IotHubQuotaExceeded: 403002,
	DeviceNotFound: 404001,
	ModuleNotFound: 404010,
	DeviceAlreadyExists: 409001,
	ModuleAlreadyExistsOnDevice: 409301,
	PreconditionFailed: 412001,
	MessageTooLarge: 413001,
	TooManyDevices: 413002,
	TooManyModulesOnDevice: 413003,
	ThrottlingBacklogTimeout: 429003,
	ServerError: 500001,
	ServiceUnavailable: 503001,
} as const;

/** The name of an error that the hub answers with, as in its `iothub-errorcode` header. */
export type ErrorName = keyof typeof ERROR_NUMBERS;
