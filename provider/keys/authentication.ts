/**
 * How a device can prove itself to the hub, in the service's words: `type` of `AuthenticationMechanism`
 * (IoT Hub REST 2021-04-12).
 */
export const AUTHENTICATION_TYPES = ["sas", "selfSigned", "certificateAuthority"] as const;

/** One way in which a device can prove itself to the hub. */
export type AuthenticationType = (typeof AUTHENTICATION_TYPES)[number];

/** Whether a device may connect, in the service's words: `status` of `Device` (IoT Hub REST 2021-04-12). */
export const DEVICE_STATUSES = ["enabled", "disabled"] as const;

/** What to do about a symmetric key that is declared without the other one: the hub refuses a single key. */
export const KEY_PAIR_REMEDY = "give both keys, or neither and the hub makes them";

/** Returns what is wrong with the thumbprint of a certificate, and the remedy; undefined if it is valid. */
export function findThumbprintProblem(thumbprint: string): string | undefined {
	if (/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(thumbprint)) return undefined;
	const withoutSeparators = thumbprint.replace(/[\s:-]/g, "");
	if (withoutSeparators !== thumbprint)
		return `"${thumbprint}" has separators, which the hub refuses; write "${withoutSeparators}"`;
	return `"${thumbprint}" is no thumbprint: it takes 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, and has ${thumbprint.length} characters`;
}
