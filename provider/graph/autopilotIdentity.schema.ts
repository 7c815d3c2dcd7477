import { computeFingerprint } from "../keys/fingerprint.ts";
import type { FieldValue, Schema } from "../resource/schema.ts";
import { expectBoolean, expectOneOf, expectString } from "../resource/validators.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";

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
		splitValue: toFingerprintValues,
		validate: expectString(findHardwareIdentifierProblem),
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
	onDrift: { role: "providerOption", validate: expectOneOf(["reconcile", "fail"]) },
};

/** The longest group tag that Intune accepts. */
const MAX_GROUP_TAG_LENGTH = 2048;
/** Matches a character that neither firmware nor a portal writes on purpose. */
const CONTROL_CHARACTER = /\p{Cc}/u;

function findSerialNumberProblem(serialNumber: string): string | undefined {
	if (serialNumber === "") return "is empty; declare the machine's serial number";
	if (serialNumber.trim() === "") return "is blank; declare the machine's serial number";
	return CONTROL_CHARACTER.test(serialNumber)
		? "contains a control character; declare it as the firmware reports it"
		: undefined;
}

function findGroupTagProblem(tag: string): string | undefined {
	if (tag.length > MAX_GROUP_TAG_LENGTH)
		return `has ${tag.length} characters, but Intune stores at most ${MAX_GROUP_TAG_LENGTH}; shorten it`;
	return CONTROL_CHARACTER.test(tag)
		? "contains a control character; use only printable characters"
		: undefined;
}

function findDisplayNameProblem(name: string): string | undefined {
	if (name === "" || /^(?!\d+$)[A-Za-z0-9-]{1,15}$/.test(name)) return undefined;
	const quotedName = JSON.stringify(name);
	if (name.length > 15)
		return `${quotedName} has ${name.length} characters; a computer name can have at most 15`;
	if (/^\d+$/.test(name))
		return `${quotedName} has only digits; a computer name must also contain a letter or a hyphen`;
	return `${quotedName} contains characters that a computer name cannot have; use letters, digits and hyphens`;
}

function findUserProblem(user: string): string | undefined {
	if (user === "" || /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/.test(user)) return undefined;
	return `${JSON.stringify(user)} is not a user principal name; use a form like ada@contoso.com, with a domain of the tenant`;
}

function findImportIdProblem(id: string): string | undefined {
	if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
	return `${JSON.stringify(id)} is not a GUID; if you omit it, one is derived from the properties that identify the machine`;
}

function toFingerprintValues(value: unknown, path: string): readonly FieldValue[] {
	return value === "" ? [] : [{ path, value: computeFingerprint(String(value)), secret: true }];
}

/** Returns the value in lower case: user principal names are case-insensitive. */
function toCaseInsensitiveValues(value: unknown, path: string): readonly FieldValue[] {
	return [{ path, value: String(value).toLowerCase() }];
}

/** Matches base64 with padding (RFC 4648 §4), which the service requires. */
const BASE64_PATTERN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Matches the beginning of a hardware report in base64: it begins with the letters "OA" (OEM Activation). */
const HASH_PREFIX = /^T0[E-H]/;
/** The length of a hash in characters: usually 4000. Observed: the service accepts no hash of a very different length. */
const MIN_HASH_LENGTH = 100;
const MAX_HASH_LENGTH = 32_767;

/**
 * Describes what is wrong with a 4K hardware hash; undefined if nothing is. The description never contains the value,
 * which describes the machine and its owner.
 */
export function findHardwareIdentifierProblem(hash: string): string | undefined {
	if (/\s/.test(hash)) {
		return "contains spaces or line breaks; declare it as one string, exactly as it was exported";
	}
	if (!BASE64_PATTERN.test(hash)) {
		return (
			"is not base64 with padding (`=` at the end, up to a multiple of four characters), so it was truncated or changed; " +
			"export it again"
		);
	}
	if (!HASH_PREFIX.test(hash)) {
		return (
			"is base64 but not a hardware hash, which begins with T0 (the letters OA of a hardware report). Take the hash from the " +
			'column "Hardware Hash" of the export, or from `oa3tool /Report`'
		);
	}
	if (hash.length >= MIN_HASH_LENGTH && hash.length <= MAX_HASH_LENGTH) return undefined;
	return `has ${hash.length} characters, but a hardware hash has about 4000, so it was truncated or joined; export it again`;
}
