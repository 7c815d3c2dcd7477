import { computeFingerprint } from "../keys/fingerprint.ts";
import { completeBase64Padding, decodeHardwareHash, type HardwareReport } from "./hardwareHash.ts";

/** The prefix of a fingerprint of what a hash says. Release 0.1.0 knows only fingerprints of its characters, which have no prefix. */
const CONTENT_PREFIX = "machine:";

/**
 * UUIDs that firmware reports if nobody filled them in, as hexadecimal digits in the byte order of SMBIOS and in that of a GUID: all
 * zeros, all F, and defaults of vendors. Different machines have the same one.
 */
const PLACEHOLDER_UUIDS: readonly RegExp[] = [
	/^(?:00)*$/,
	/^(?:ff)+$/,
	/^(?:fe)+$/,
	// 03000200-0400-0500-0006-000700080009, the default of American Megatrends.
	/^(?:03000200040005000006000700080009|00020003000400050006000700080009)$/,
	// 12345678-1234-5678-90ab-cddeefaabbcc.
	/^(?:123456781234567890abcddeefaabbcc|785634123412785690abcddeefaabbcc)$/,
	// 4c4c4544-0000-2010-8020-80c04f202020, a machine of Dell without a service tag.
	/^(?:4c4c454400002010802080c04f202020|44454c4c00001020802080c04f202020)$/,
];

/**
 * Returns the fingerprints by which states of this and of earlier releases know a hardware hash, the one that is written first. A hash
 * differs each time it is collected, also on the same machine ("Windows Autopilot registration", Microsoft Learn). So the first one is a
 * fingerprint of the UUID, serial number, manufacturer and product that the hash holds, unless these do not prove which machine it is.
 *
 * @param hash the hash in base64, with or without its padding
 */
export function listMachineFingerprints(hash: string): readonly [current: string, ...earlier: string[]] {
	const complete = completeBase64Padding(hash);
	const textFingerprint = computeFingerprint(complete);
	const report = decodeHardwareHash(hash);
	if (explainWeakReport(report) !== undefined) return [textFingerprint];
	const { uuid, serialNumber, manufacturer, product } = report ?? {};
	const content = JSON.stringify([uuid, serialNumber, manufacturer, product]);
	return [`${CONTENT_PREFIX}${computeFingerprint(content)}`, textFingerprint];
}

/** Whether a fingerprint is one of the characters of a hash, so that it says nothing about a hash with other characters. */
export function isTextFingerprint(fingerprint: string): boolean {
	return fingerprint !== "" && !fingerprint.startsWith(CONTENT_PREFIX);
}

/** Returns why two hashes of a machine can only be compared by their characters, as a clause; undefined if their contents are compared. */
export function explainTextComparison(hash: string): string | undefined {
	return explainWeakReport(decodeHardwareHash(hash));
}

function explainWeakReport(report: HardwareReport | undefined): string | undefined {
	if (report === undefined) return "the hash cannot be decoded";
	const { uuid = "" } = report;
	return PLACEHOLDER_UUIDS.some((pattern) => pattern.test(uuid))
		? "the UUID in the hash is a placeholder that many machines have"
		: undefined;
}
