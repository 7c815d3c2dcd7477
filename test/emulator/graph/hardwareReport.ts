import { createHash } from "node:crypto";

/** The data of an OA3 hardware report; "" for values that it omits. */
export interface HardwareReport {
	/** The UUID of the mainboard as hexadecimal digits. */
	readonly uuid: string;
	/** As the firmware has it, blanks included. */
	readonly serialNumber: string;
	readonly manufacturer: string;
	readonly model: string;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DIGEST_LENGTH = 32;

/** Returns whether a string is a valid Edm.Binary of the service: base64 with padding. */
export function isBinary(text: string): boolean {
	return BASE64.test(text);
}

/**
 * Reads a 4K hardware hash: `OA` with its length and numbered values, `CS` with the SHA-256 of all that, then zeros.
 * Returns undefined for anything else, and for a report without serial number or manufacturer.
 */
export function readReport(hardwareIdentifier: string): HardwareReport | undefined {
	const bytes = Buffer.from(hardwareIdentifier, "base64");
	const end = blockEnd(bytes, 0, "OA");
	if (end === undefined || !isSealed(bytes, end)) return undefined;
	const values = readValues(bytes.subarray(4, end));
	if (values === undefined) return undefined;
	const report = {
		uuid: values.get(12)?.toString("hex") ?? "",
		serialNumber: readText(values, 14),
		manufacturer: readText(values, 16),
		model: readText(values, 17),
	};
	const isComplete = report.serialNumber.trim() !== "" && report.manufacturer.trim() !== "";
	return isComplete ? report : undefined;
}

/**
 * Returns a key that is equal for hashes of one machine: what the report says about it, since the rest changes whenever the hash is
 * collected ("Windows Autopilot registration", Microsoft Learn). For anything but a report, the key is the text.
 */
export function toMachineKey(hardwareIdentifier: string): string {
	const report = readReport(hardwareIdentifier);
	return report === undefined ? hardwareIdentifier : JSON.stringify(report);
}

/** Returns the end of the named block that begins at an offset, or undefined. */
function blockEnd(bytes: Buffer, start: number, name: string): number | undefined {
	if (bytes.length < start + 4 || bytes.toString("latin1", start, start + 2) !== name) return undefined;
	const end = start + bytes.readUInt16LE(start + 2);
	return end >= start + 4 && end <= bytes.length ? end : undefined;
}

function isSealed(bytes: Buffer, end: number): boolean {
	const sealEnd = blockEnd(bytes, end, "CS");
	if (sealEnd !== end + 4 + DIGEST_LENGTH) return false;
	const digest = createHash("sha256").update(bytes.subarray(0, end)).digest();
	return (
		digest.equals(bytes.subarray(end + 4, sealEnd)) && bytes.subarray(sealEnd).every((byte) => byte === 0)
	);
}

function readValues(bytes: Buffer): ReadonlyMap<number, Buffer> | undefined {
	const values = new Map<number, Buffer>();
	let at = 0;
	while (at < bytes.length) {
		if (bytes.length < at + 4) return undefined;
		const length = bytes.readUInt16LE(at + 2);
		if (length < 4 || at + length > bytes.length) return undefined;
		values.set(bytes.readUInt16LE(at), bytes.subarray(at + 4, at + length));
		at += length;
	}
	return values;
}

function readText(values: ReadonlyMap<number, Buffer>, type: number): string {
	const [value = ""] = (values.get(type)?.toString("utf8") ?? "").split("\0");
	return value;
}
