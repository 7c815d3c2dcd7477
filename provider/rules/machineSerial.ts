import { decodeHardwareHash } from "./hardwareHash.ts";
import { findSerialNumberProblem, isPlaceholderSerial } from "./machineValues.ts";
import { describeTrace, quoteCell } from "./spreadsheetTraces.ts";

/** What to do about a serial number that is not the one in the hash: an error, or nothing. */
export type SerialMismatchPolicy = "fail" | "accept";

/** The values of {@link SerialMismatchPolicy}. */
export const SERIAL_MISMATCH_POLICIES: readonly SerialMismatchPolicy[] = ["fail", "accept"];

/** What a program or a file says about one machine. */
export interface SerialAndHash {
	readonly serialNumber: string;
	/** The hardware hash; undefined or the empty string without one. */
	readonly hardwareIdentifier?: string | undefined;
}

/**
 * Returns the serial number that the hash holds, without the blanks at its ends; undefined without a hash that holds one. The service
 * takes it from there (andrew-s-taylor/WindowsAutopilotInfo#25).
 */
export function findReportedSerial({ hardwareIdentifier = "" }: Partial<SerialAndHash>): string | undefined {
	return hardwareIdentifier === "" ? undefined : decodeHardwareHash(hardwareIdentifier)?.serialNumber;
}

/** Returns the serial number under which the service lists the machine once it is registered. */
export function getListedSerial(machine: SerialAndHash): string {
	const reported = findReportedSerial(machine);
	return reported === undefined || isSameSerial(machine.serialNumber, reported)
		? machine.serialNumber
		: reported;
}

/** Whether both are the same serial number: firmware may pad it with blanks. */
export function isSameSerial(one: string, other: string): boolean {
	return removePadding(one) === removePadding(other);
}

/**
 * Returns what is wrong with the serial number of a machine, and the remedy; undefined if it is valid. A serial number that a
 * spreadsheet or a script changed is a problem unless the hash holds it, and so is one that contradicts the hash.
 *
 * @param policy whether a serial number that contradicts the hash is accepted; traces of a spreadsheet never are
 */
export function findMachineSerialProblem(
	machine: SerialAndHash,
	policy: SerialMismatchPolicy,
): string | undefined {
	const { serialNumber } = machine;
	const reported = findReportedSerial(machine);
	if (reported !== undefined && isSameSerial(serialNumber, reported))
		return findSerialNumberProblem(serialNumber);
	const problem = describeTrace(serialNumber) ?? findSerialNumberProblem(serialNumber);
	if (reported === undefined) return problem;
	if (problem !== undefined)
		return `${problem}; the hardware hash has the serial number ${quoteCell(reported)}`;
	return policy === "accept" ? undefined : describeMismatch(serialNumber, reported);
}

/** How a program insists on a serial number that the hash does not hold. */
const INSIST = 'set onSerialNumberMismatch: "accept"';

function describeMismatch(serialNumber: string, reported: string): string {
	const shown = `is ${quoteCell(serialNumber)}, but the hardware hash has the serial number ${quoteCell(reported)}`;
	if (isPlaceholderSerial(reported))
		return `${shown}, a placeholder of firmware that nobody filled in. Intune lists the machine under that one, whatever is declared; declare it, or ${INSIST} to keep your own number in the program`;
	return `${shown}, under which Intune lists the machine. Two rows may be mixed up, or a spreadsheet changed the number; declare the machine's own hash and serial number, or ${INSIST} if both are right`;
}

function removePadding(serialNumber: string): string {
	return serialNumber.replace(/^ +| +$/g, "");
}
