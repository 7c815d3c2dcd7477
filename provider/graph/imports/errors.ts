import { AutopilotError, type Candidate, CHOOSE_BY_ID_ADVICE, formatCandidates } from "../autopilotErrors.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import { describeMachine } from "../machines.ts";

/** The meaning of an import error, and what to do about it. */
interface ImportErrorMeaning {
	readonly meaning: string;
	readonly remedy: string;
}

const RETAKE_HASH_ADVICE =
	"Export the hash again on the machine itself (`Get-WindowsAutopilotInfo`), and declare it unchanged";

/**
 * The errors of the Device Directory Service by name ("Import Windows Autopilot device CSV files errors", "Manually
 * register devices with Windows Autopilot", Microsoft Learn). Observed: the same name with different numbers.
 */
const IMPORT_ERROR_MEANINGS: Readonly<Record<string, ImportErrorMeaning>> = {
	StorageError: {
		meaning: "the service could not store it at that moment",
		remedy: "It was tried several times. Run the command again later.",
	},
	InvalidZtdRequestBody: {
		meaning: "the service did not understand the request",
		remedy: "Check serialNumber, productKey and hardwareIdentifier.",
	},
	InvalidZtdHardwareHash: {
		meaning: "the hardware hash is invalid, or contains no manufacturer or serial number",
		remedy: `${RETAKE_HASH_ADVICE}; a machine whose firmware has no serial number cannot be registered by hash.`,
	},
	MissingZtdSerialNumberAndProductKey: {
		meaning: "the request contains neither a serial number nor a product key",
		remedy: RETAKE_HASH_ADVICE.concat("."),
	},
	ZtdDeviceAlreadyAssigned: {
		meaning: "a machine with this hardware hash is already registered in this tenant",
		remedy: "Adopt that registration, or delete it first.",
	},
	ZtdDeviceIsNotRegistered: {
		meaning: "the machine is not registered in this tenant",
		remedy: "Ask whoever sold it to register it for this tenant, or export the hash on the machine itself.",
	},
	ZtdDeviceAssignedToOtherTenant: {
		meaning: "the machine is registered in another tenant",
		remedy:
			"Its former owner must delete the registration there. If nobody can, Microsoft's Intune support can do so with a proof of purchase.",
	},
	ZtdProfileIsNotRegistered: {
		meaning: "the deployment profile of the machine does not exist",
		remedy: "Check the Autopilot deployment profiles in Intune.",
	},
	ZtdProfileAssignedToOtherTenant: {
		meaning: "the deployment profile of the machine belongs to another tenant",
		remedy: "Check the Autopilot deployment profiles in Intune.",
	},
	ZtdDeviceRegisteredByOtherTenant: {
		meaning: "another tenant registered the machine",
		remedy: "Its former owner must delete the registration there.",
	},
	ZtdDeviceNotFound: {
		meaning: "the service found no machine for the request",
		remedy:
			"Declare `hardwareIdentifier`: serial number and product key alone identify only machines that their manufacturer registered.",
	},
	ZtdDeviceIsNotUnique: {
		meaning: "the request matches several machines",
		remedy: RETAKE_HASH_ADVICE.concat("."),
	},
	ZtdDeviceAlreadyAadRegistered: {
		meaning: "an object for the machine already exists in Microsoft Entra and prevents the import",
		remedy: "Delete that device in Entra (and in Intune, if it is there), then run the command again.",
	},
	ZtdDeviceDuplicated: {
		meaning: "the same hardware hash was imported twice at the same time, and the other import succeeded",
		remedy:
			"Declare each machine once; if another tool imports it too, run the command again: the message then names the registration.",
	},
};

/** Other names of the same errors, observed in responses. */
const IMPORT_ERROR_ALIASES: Readonly<Record<string, string>> = {
	ZtdDeviceAssignedToAnotherTenant: "ZtdDeviceAssignedToOtherTenant",
};

/** Creates the error for a failed import. */
export function createImportError({ serialNumber, state }: ImportRecord): AutopilotError {
	const { deviceErrorName: name, deviceErrorCode: code, deviceImportStatus: status } = state;
	const known = IMPORT_ERROR_MEANINGS[IMPORT_ERROR_ALIASES[name] ?? name];
	const meaning = known?.meaning ?? `the import ended with status "${status}"`;
	const remedy = known?.remedy ?? "Look up the name in Microsoft's list of Autopilot import errors.";
	return new AutopilotError(
		"ImportFailed",
		`Importing ${describeMachine(serialNumber)} failed: ${meaning} (${code}, ${name || status}). ${remedy}`,
	);
}

/**
 * Creates the error for a hash that is registered although no machine is listed that can be it.
 *
 * @param others the machines that are listed with the serial number, but are another product
 */
export function createHiddenMachineError(
	{ serialNumber, state }: ImportRecord,
	others: readonly Candidate[],
): AutopilotError {
	const { deviceErrorCode: code, deviceErrorName: name } = state;
	const finding =
		others.length === 0
			? "none is listed with this serial number"
			: `those with its serial number have another manufacturer or model than the hash: ${formatCandidates(others)}`;
	return new AutopilotError(
		"ImportFailed",
		`Importing ${describeMachine(serialNumber)} failed: a machine with this hardware hash is already registered in this ` +
			`tenant, but ${finding} (${code}, ${name}). If it was deleted just now, run the command again later. Otherwise look for it ` +
			`in Intune. ${CHOOSE_BY_ID_ADVICE}.`,
	);
}

/** Whether the import failed because a machine with this hash is already registered in this tenant. */
export function isAlreadyRegistered({ state }: ImportRecord): boolean {
	return state.deviceErrorName === "ZtdDeviceAlreadyAssigned";
}

/** Whether a retry can succeed. */
export function isTransient({ state }: ImportRecord): boolean {
	return state.deviceErrorName === "StorageError";
}
