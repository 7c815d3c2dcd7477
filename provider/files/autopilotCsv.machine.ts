import {
	completeBase64Padding,
	decodeHardwareHash,
	findHardwareHashProblem,
	type HardwareReport,
} from "../rules/hardwareHash.ts";
import { listMachineFingerprints } from "../rules/machineFingerprint.ts";
import {
	findMachineSerialProblem,
	findReportedSerial,
	type SerialMismatchPolicy,
} from "../rules/machineSerial.ts";
import { findGroupTagProblem, findUserProblem, isPlaceholderSerial } from "../rules/machineValues.ts";
import { quoteCell } from "../rules/spreadsheetTraces.ts";
import type { AutopilotCsvRow, MachineProperty } from "./autopilotCsv.schema.ts";
import { type CsvHeader, getColumnTitle, locateColumn } from "./csvHeader.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged } from "./fileText.ts";

/** A problem with a property; undefined if it is valid. */
type PropertyProblem = readonly [property: MachineProperty, problem: string | undefined];

/** A machine that was read, with its line and what its hash holds. */
interface ReadMachine {
	readonly line: number;
	readonly hash: string;
	readonly report: HardwareReport | undefined;
}

/** Collects the machines of a file and their problems. It applies the rules of the resource, so that each problem has its line. */
export class MachineCollector {
	readonly machines: AutopilotCsvRow[] = [];
	readonly diagnostics: Diagnostic[] = [];
	readonly #header: CsvHeader<MachineProperty>;
	readonly #policy: SerialMismatchPolicy;
	/** The machines by the fingerprints of what their hashes say, or of the hashes if these prove nothing. */
	readonly #byHash = new Map<string, ReadMachine>();
	readonly #bySerial = new Map<string, ReadMachine[]>();

	constructor(header: CsvHeader<MachineProperty>, policy: SerialMismatchPolicy) {
		this.#header = header;
		this.#policy = policy;
	}

	/** Adds a problem. */
	addDiagnostic(diagnostic: Diagnostic): void {
		this.diagnostics.push(diagnostic);
	}

	/** Adds a machine of a line, with the padding of its hash, and reports its problems. */
	addMachine(row: AutopilotCsvRow, line: number): void {
		const machine = { ...row, hardwareIdentifier: completeBase64Padding(row.hardwareIdentifier) };
		const { serialNumber, hardwareIdentifier: hash } = machine;
		const read = { line, hash, report: hash === "" ? undefined : decodeHardwareHash(hash) };
		const { groupTag = "", assignedUserPrincipalName = "", productKey = "" } = machine;
		const hashKey = listMachineFingerprints(hash)[0];
		const sameHash = this.#byHash.get(hashKey);
		const serialProblem = checkSerialNumber(machine, this.#policy);
		this.#report(line, [
			["serialNumber", serialProblem ?? this.#findSameSerial(serialNumber, { read, sameHash })],
			["hardwareIdentifier", checkHash(row.hardwareIdentifier, read, sameHash)],
			["productKey", isDamaged(productKey) ? DAMAGED_TEXT_MESSAGE : undefined],
			["groupTag", isDamaged(groupTag) ? DAMAGED_TEXT_MESSAGE : findGroupTagProblem(groupTag)],
			[
				"assignedUserPrincipalName",
				isDamaged(assignedUserPrincipalName)
					? DAMAGED_TEXT_MESSAGE
					: findUserProblem(assignedUserPrincipalName),
			],
		]);
		if (sameHash === undefined) this.#byHash.set(hashKey, read);
		this.#bySerial.set(toSerialKey(serialNumber), [
			...(this.#bySerial.get(toSerialKey(serialNumber)) ?? []),
			read,
		]);
		const isAccepted = serialProblem === undefined && findMachineSerialProblem(machine, "fail") !== undefined;
		this.machines.push(isAccepted ? { ...machine, onSerialNumberMismatch: "accept" } : machine);
	}

	#report(line: number, problems: readonly PropertyProblem[]): void {
		for (const [property, problem] of problems) {
			if (problem === undefined) continue;
			const text = `${getColumnTitle(this.#header.columns, property)} ${problem}`;
			this.diagnostics.push(
				...locateColumn(this.#header, property).map((column) => ({ line, column, text })),
			);
		}
	}

	/**
	 * Describes a serial number that an earlier line has: two resources could not have the same name, and the service would treat
	 * the second one as a duplicate. Firmware that nobody filled in reports the same one on machines with different mainboards.
	 */
	#findSameSerial(
		serialNumber: string,
		{ read, sameHash }: { read: ReadMachine; sameHash: ReadMachine | undefined },
	): string | undefined {
		if (serialNumber === "" || sameHash !== undefined) return undefined;
		const same = (this.#bySerial.get(toSerialKey(serialNumber)) ?? []).find(
			(other) => !isPlaceholderSerial(serialNumber) || !isOtherMainboard(other.report, read.report),
		);
		if (same === undefined) return undefined;
		const cause = isSameMainboard(same.report, read.report)
			? "the hashes are of the same machine, collected twice"
			: "a list may contain a machine only once";
		return `is the same as in line ${same.line}; ${cause}, so drop one of the rows`;
	}
}

function toSerialKey(serialNumber: string): string {
	return serialNumber.trim();
}

function isSameMainboard(one: HardwareReport | undefined, other: HardwareReport | undefined): boolean {
	return one?.uuid !== undefined && one.uuid === other?.uuid;
}

function isOtherMainboard(one: HardwareReport | undefined, other: HardwareReport | undefined): boolean {
	return one?.uuid !== undefined && other?.uuid !== undefined && one.uuid !== other.uuid;
}

/** Checks a serial number as the resource does, and what only a file can do to it. */
function checkSerialNumber(machine: AutopilotCsvRow, policy: SerialMismatchPolicy): string | undefined {
	const problem = findCellProblem(machine.serialNumber);
	if (problem === undefined) return findMachineSerialProblem(machine, policy);
	const reported = findReportedSerial(machine);
	return reported === undefined
		? problem
		: `${problem}; the hardware hash has the serial number ${quoteCell(reported)}`;
}

function findCellProblem(serialNumber: string): string | undefined {
	if (serialNumber === "") return "is blank; fill it in, or drop the row";
	return isDamaged(serialNumber) ? DAMAGED_TEXT_MESSAGE : undefined;
}

/** Checks a hash as the file has it, without completed padding. */
function checkHash(text: string, { hash }: ReadMachine, same: ReadMachine | undefined): string | undefined {
	if (text === "") return `is blank; ${EXPORT_AGAIN}`;
	if (same === undefined) return findHardwareHashProblem(text);
	const relation =
		same.hash === hash
			? `is the same as in line ${same.line}; a list may contain a machine only once`
			: `is of the same machine as in line ${same.line}, collected twice`;
	return `${relation}, so drop one of the rows`;
}

/** The remedy for a hash that is missing. */
const EXPORT_AGAIN =
	"export the row again (`Get-WindowsAutopilotInfo -OutputFile machines.csv`) and do not save the file in a spreadsheet";
