import { computeFingerprint } from "../keys/fingerprint.ts";
import type { FieldValue, IdentityProof, Schema } from "../resource/schema.ts";
import { expectBoolean, expectOneOf, expectString } from "../resource/validators.ts";
import { findHardwareHashProblem } from "../rules/hardwareHash.ts";
import {
	explainTextComparison,
	isTextFingerprint,
	listMachineFingerprints,
} from "../rules/machineFingerprint.ts";
import { SERIAL_MISMATCH_POLICIES } from "../rules/machineSerial.ts";
import { findGroupTagProblem, findSerialNumberProblem, findUserProblem } from "../rules/machineValues.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";

/** A hash proves which machine it is by what it says, whenever it was collected. */
const HASH_PROOF: IdentityProof = {
	listStoredValues: (hash) => (hash === "" ? [""] : listMachineFingerprints(String(hash))),
	isInconclusive: (storedValue, hash) =>
		isTextFingerprint(storedValue) && explainTextComparison(String(hash)) === undefined,
	explainWeakness: (hash) => {
		const reason = explainTextComparison(String(hash));
		return reason && `hashes are compared as text, because ${reason}`;
	},
};

/**
 * The inputs of a machine, each with its role and the rules for its value alone ("Manually register devices with Windows
 * Autopilot", Microsoft Learn; observed: values that the service refuses).
 */
export const AUTOPILOT_IDENTITY_SCHEMA: Schema<AutopilotInputs> = {
	serialNumber: {
		role: "requiresReplace",
		writeOnly: true,
		splitValue: toFingerprintValues,
		validate: expectString(findSerialNumberProblem),
	},
	hardwareIdentifier: {
		role: "requiresReplace",
		writeOnly: true,
		secret: true,
		splitValue: toHashFieldValues,
		proof: HASH_PROOF,
		validate: expectString(findHardwareHashProblem),
	},
	productKey: {
		role: "requiresReplace",
		writeOnly: true,
		splitValue: toFingerprintValues,
		validate: expectString(),
	},
	groupTag: { role: "managed", validate: expectString(findGroupTagProblem) },
	assignedUserPrincipalName: {
		role: "managed",
		splitValue: toCaseInsensitiveValues,
		validate: expectString(findUserProblem),
	},
	addressableUserName: { role: "managed", validate: expectString() },
	displayName: { role: "managed", validate: expectString(findDisplayNameProblem) },
	importId: { role: "providerOption", validate: expectString(findImportIdProblem) },
	adopt: { role: "providerOption", validate: expectBoolean() },
	onSerialNumberMismatch: { role: "providerOption", validate: expectOneOf(SERIAL_MISMATCH_POLICIES) },
	onDrift: { role: "providerOption", validate: expectOneOf(["reconcile", "fail"]) },
};

function findDisplayNameProblem(name: string): string | undefined {
	if (name === "" || /^(?!\d+$)[A-Za-z0-9-]{1,15}$/.test(name)) return undefined;
	const quotedName = JSON.stringify(name);
	if (name.length > 15)
		return `${quotedName} has ${name.length} characters; a computer name can have at most 15`;
	if (/^\d+$/.test(name))
		return `${quotedName} has only digits; a computer name must also contain a letter or a hyphen`;
	return `${quotedName} contains characters that a computer name cannot have; use letters, digits and hyphens`;
}

function findImportIdProblem(id: string): string | undefined {
	if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
	return `${JSON.stringify(id)} is not a GUID; if you omit it, one is derived from the properties that identify the machine`;
}

function toFingerprintValues(value: unknown, path: string): readonly FieldValue[] {
	return value === "" ? [] : [{ path, value: computeFingerprint(String(value)), secret: true }];
}

function toHashFieldValues(hash: unknown, path: string): readonly FieldValue[] {
	return hash === "" ? [] : [{ path, value: listMachineFingerprints(String(hash))[0], secret: true }];
}

/** Returns the value in lower case: user principal names are case-insensitive. */
function toCaseInsensitiveValues(value: unknown, path: string): readonly FieldValue[] {
	return [{ path, value: String(value).toLowerCase() }];
}
