import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";

/** The ways in which a device can authenticate to the hub: `type` of `AuthenticationMechanism` (IoT Hub REST 2021-04-12). */
export const AUTHENTICATION_TYPES = ["sas", "selfSigned", "certificateAuthority"] as const;

/** A way in which a device can authenticate to the hub. */
export type AuthenticationType = (typeof AUTHENTICATION_TYPES)[number];

/** The statuses of a device, which determine whether it may connect: `status` of `Device` (IoT Hub REST 2021-04-12). */
export const DEVICE_STATUSES = ["enabled", "disabled"] as const;

/** The remedy for a symmetric key that is declared without the other one: the hub rejects a single key. */
export const KEY_PAIR_REMEDY = "declare both keys, or neither to have them generated";

/** Matches what `openssl x509 -fingerprint` prints before the digits. */
const FINGERPRINT_LABEL = /^\s*sha-?(?:1|256) fingerprint\s*=\s*/i;

/** Returns the digits of a thumbprint without the label of openssl and without separators. */
export function normalizeThumbprint(thumbprint: string): string {
	return thumbprint.replace(FINGERPRINT_LABEL, "").replace(/[ \t:-]/g, "");
}

/** Returns what is wrong with the thumbprint of a certificate, and the remedy; undefined if it is valid. */
export function findThumbprintProblem(thumbprint: string): string | undefined {
	if (isThumbprint(thumbprint)) return undefined;
	const invisible = describeInvisibleCharacter(thumbprint.replace(/\t/g, " "));
	if (invisible !== undefined)
		return `contains ${invisible}, as a thumbprint that is copied from a dialog of Windows does; type the digits anew`;
	const digits = normalizeThumbprint(thumbprint);
	if (digits !== thumbprint && isThumbprint(digits))
		return `"${thumbprint}" has separators, which the hub refuses; write "${digits}"`;
	return `"${thumbprint}" is not a thumbprint: it must be 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, and has ${thumbprint.length} characters`;
}

function isThumbprint(text: string): boolean {
	return /^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(text);
}
