import { describeInvisibleCharacter } from "../text/invisibleCharacters.ts";

/** The data of a hardware report that identify a machine. They stay the same when the hash is collected again. */
export interface HardwareReport {
	/** The UUID of the mainboard as 32 hexadecimal digits, in the order of the report's bytes. */
	readonly uuid: string | undefined;
	/** The serial number that the firmware reports; the service takes it from here, not from the request. */
	readonly serialNumber: string | undefined;
	readonly manufacturer: string | undefined;
	readonly product: string | undefined;
}

/** The numbers of the entries of a report, which are not in ascending order (observed, contract "hardwareIdentifier"). */
const ENTRIES = { uuid: 12, serialNumber: 14, manufacturer: 16, product: 17 } as const;

/** The size of a name with a length, which counts both: two bytes each. */
const HEAD_BYTES = 4;

/**
 * Returns the data of a 4K hardware hash: base64 of `OA`, its length, numbered entries, and zeros at the end. Returns undefined for
 * anything else, and for a report that was cut.
 */
export function decodeHardwareHash(hash: string): HardwareReport | undefined {
	if (findHardwareHashProblem(hash) !== undefined) return undefined;
	const entries = readEntries(decodeBytes(hash));
	return (
		entries && {
			uuid: entries.get(ENTRIES.uuid)?.toString("hex"),
			serialNumber: readText(entries.get(ENTRIES.serialNumber)),
			manufacturer: readText(entries.get(ENTRIES.manufacturer)),
			product: readText(entries.get(ENTRIES.product)),
		}
	);
}

/** Returns base64 with the padding that some machines omit (windows-itpro-docs#6150), which the service requires. */
export function completeBase64Padding(base64: string): string {
	return base64 + ["", "", "==", "="][base64.length % 4];
}

/** Matches the beginning of a hardware report in base64: it begins with the letters "OA" (OEM Activation). */
const HASH_PREFIX = /^T0[E-H]/;
/** Matches the characters of base64 with padding at the end (RFC 4648 §4), in any number. */
const BASE64_ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;
/** Matches base64 whose last character has bits that no byte needs, so that more characters followed it. */
const CUT_QUANTUM = /[^AQgw]==$|[^=AEIMQUYcgkosw048]=$/;
/** The length of a hash in characters: usually 4000. Observed: the service accepts no hash of a very different length. */
const MIN_HASH_LENGTH = 3_200;
const MAX_HASH_LENGTH = 32_767;

const EXPORT_AGAIN = "export it again (`Get-WindowsAutopilotInfo`) and do not save it in a spreadsheet";

/**
 * Describes what is wrong with a 4K hardware hash; undefined if nothing is. Missing padding is no problem, because it can be
 * completed. The description never contains the value, which describes the machine and its owner.
 */
export function findHardwareHashProblem(hash: string): string | undefined {
	const complete = completeBase64Padding(hash);
	return (
		(BASE64_ALPHABET.test(hash) ? undefined : findSpaceProblem(hash)) ??
		findBase64Problem(hash, complete) ??
		(HASH_PREFIX.test(hash) ? findCutProblem(hash, complete) : NOT_A_HASH)
	);
}

const NOT_A_HASH =
	"is base64 but not a hardware hash, which begins with T0 (the letters OA of a hardware report). Take the hash from the " +
	'column "Hardware Hash" of the export, or from `oa3tool /Report`';

function findSpaceProblem(hash: string): string | undefined {
	const lineBreakIndex = hash.search(/[\r\n\u2028\u2029]/);
	if (lineBreakIndex !== -1)
		return `contains a line break after character ${lineBreakIndex}; join the lines to one string, exactly as it was exported`;
	const invisible = describeInvisibleCharacter(hash);
	if (invisible !== undefined) return `contains ${invisible}; remove it, or ${EXPORT_AGAIN}`;
	return hash.includes(" ")
		? "contains spaces; declare it as one string, exactly as it was exported"
		: undefined;
}

function findBase64Problem(hash: string, complete: string): string | undefined {
	if (!BASE64_ALPHABET.test(hash)) {
		const invalidIndex = hash.replace(/={1,2}$/, "").search(/[^A-Za-z0-9+/]/);
		return `is not base64: character ${invalidIndex + 1} is not one of A-Z a-z 0-9 + /, so it was changed; ${EXPORT_AGAIN}`;
	}
	if (complete.length % 4 !== 0 || !BASE64_ALPHABET.test(complete))
		return `is not base64: it has ${hash.length} characters, so some were cut off; ${EXPORT_AGAIN}`;
	return complete !== hash && CUT_QUANTUM.test(complete)
		? `was cut in the middle of a byte, after ${hash.length} characters; ${EXPORT_AGAIN}`
		: undefined;
}

/** Describes a hash that holds less than its head declares, whatever its length is divisible by. */
function findCutProblem(hash: string, complete: string): string | undefined {
	const bytes = decodeBytes(complete);
	const declaredBytes = bytes.length < HEAD_BYTES ? 0 : findReportEnd(bytes);
	if (bytes.length < declaredBytes)
		return `was cut: it declares a report of ${declaredBytes} bytes but holds only ${bytes.length}; ${EXPORT_AGAIN}`;
	if (hash.length < MIN_HASH_LENGTH)
		return `has ${hash.length} characters, but a hardware hash has about 4000, so it was cut; ${EXPORT_AGAIN}`;
	return hash.length > MAX_HASH_LENGTH
		? `has ${hash.length} characters, but a hardware hash has about 4000, so several were joined; ${EXPORT_AGAIN}`
		: undefined;
}

/** Returns the end that the heads of a report declare: of the block `OA`, and of the block `CS` with its checksum behind it. */
function findReportEnd(bytes: Buffer): number {
	const end = bytes.readUInt16LE(2);
	const isChecked = bytes.length >= end + HEAD_BYTES && bytes.toString("latin1", end, end + 2) === "CS";
	return isChecked ? end + bytes.readUInt16LE(end + 2) : end;
}

function decodeBytes(hash: string): Buffer {
	return Buffer.from(hash, "base64");
}

/** Returns the entries of a report by their numbers; undefined if one of them reaches beyond the report. */
function readEntries(bytes: Buffer): ReadonlyMap<number, Buffer> | undefined {
	const entries = new Map<number, Buffer>();
	const end = bytes.readUInt16LE(2);
	let start = HEAD_BYTES;
	while (start < end) {
		const length = start + HEAD_BYTES > end ? 0 : bytes.readUInt16LE(start + 2);
		if (length < HEAD_BYTES || start + length > end) return undefined;
		entries.set(bytes.readUInt16LE(start), bytes.subarray(start + HEAD_BYTES, start + length));
		start += length;
	}
	return entries;
}

/** Returns the text of an entry up to its terminating zero, without blanks at its ends; undefined if nothing is left. */
function readText(entry: Buffer | undefined): string | undefined {
	const [text = ""] = (entry?.toString("utf8") ?? "").split("\0");
	return text.trim() || undefined;
}
