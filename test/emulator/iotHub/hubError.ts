import { ERROR_NUMBERS, type ErrorName } from "./errorNumbers.ts";

/**
 * How an error's body is laid out: "classic" for identities (`Message`, `ExceptionMessage`), "numbered" for modules
 * (`errorCode`, `message`, `trackingId`, `timestampUtc`).
 */
export type Envelope = "classic" | "numbered";

/** A refusal by the hub. */
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

/** 400 for a value that breaks a rule. */
export function createArgumentError(detail: string): HubError {
	return new HubError("ArgumentInvalid", detail);
}

/** 404 for a device that is not registered; the text is its id alone. */
export function createDeviceNotFoundError(deviceId: string): HubError {
	return new HubError("DeviceNotFound", deviceId);
}

/** 401 as the hub answers whatever is wrong with the credential. */
export function createUnauthorizedError(text = "Unauthorized"): HubError {
	return new HubError("IotHubUnauthorizedAccess", text);
}
