/**
 * The layout of an error's body: "classic" for identities (`Message`, `ExceptionMessage`), "numbered" for modules
 * (`errorCode`, `message`, `trackingId`, `timestampUtc`).
 */
export type Envelope = "classic" | "numbered";

/** An error of the hub. */
export class HubError extends Error {
	readonly code: ErrorName;
	readonly envelope: Envelope;

	constructor(code: ErrorName, text: string, envelope: Envelope = "classic") {
		super(text);
		this.code = code;
		this.envelope = envelope;
	}

	/** The HTTP status: the number's first three digits. */
	get status(): number {
		return Math.floor(ERROR_NUMBERS[this.code] / 1000);
	}
}

/** Creates a 400 for an invalid value. */
export function createArgumentError(detail: string): HubError {
	return new HubError("ArgumentInvalid", detail);
}

/** Creates a 404 for a device that is not registered; the text is its id alone. */
export function createDeviceNotFoundError(deviceId: string): HubError {
	return new HubError("DeviceNotFound", deviceId);
}

/** Creates a 401, the hub's error for any problem with the credential. */
export function createUnauthorizedError(text = "Unauthorized"): HubError {
	return new HubError("IotHubUnauthorizedAccess", text);
}

/**
 * The number of each error that the emulator raises: status × 1000 and a counter, as listed under "Common error codes"
 * of the IoT Hub REST reference.
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

/** The name of an error of the hub, as in its `iothub-errorcode` header. */
export type ErrorName = keyof typeof ERROR_NUMBERS;

/** Creates a 429 with the hub's own text; it has no Retry-After and closes the connection. */
export function createThrottledError(operationType = "CRUD"): HubError {
	const text = `The request has been throttled. Wait 10 seconds and try again. Operation type: ${operationType}`;
	return new HubError("ThrottlingBacklogTimeout", text);
}
