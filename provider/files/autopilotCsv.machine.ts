import {
	completeBase64Padding,
	decodeHardwareHash,
	findHardwareHashProblem,
	type HardwareReport,
} from "../rules/hardwareHash.ts";
import {
	findGroupTagProblem,
	findSerialNumberProblem,
	findUserProblem,
	isPlaceholderSerial,
} from "../rules/machineValues.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import type { AutopilotCsvRow, MachineProperty } from "./autopilotCsv.schema.ts";
import { type CsvHeader, getColumnTitle, locateColumn } from "./csvHeader.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged } from "./fileText.ts";
import { describeTrace } from "./spreadsheetTraces.ts";

/** A problem with a property; undefined if it is valid. */
type PropertyProblem = readonly [property: MachineProperty, problem: string | undefined];

/** A machine that was read, with its line and what its hash holds. */
interface ReadMachine {
	readonly line: number;
	readonly report: HardwareReport | undefined;
}

/** Collects the machines of a file and their problems. It applies the rules of the resource, so that each problem has its line. */
export class MachineCollector {
	readonly machines: AutopilotCsvRow[] = [];
	readonly diagnostics: Diagnostic[] = [];
	readonly #header: CsvHeader<MachineProperty>;
	readonly #byHash = new Map<string, ReadMachine>();
	readonly #bySerial = new Map<string, ReadMachine[]>();

	constructor(header: CsvHeader<MachineProperty>) {
		this.#header = header;
	}

	/** Adds a problem. */
	addDiagnostic(diagnostic: Diagnostic): void {
		this.diagnostics.push(diagnostic);
	}

	/** Adds a machine of a line, with the padding of its hash, and reports its problems. */
	addMachine(row: AutopilotCsvRow, line: number): void {
		const machine = { ...row, hardwareIdentifier: completeBase64Padding(row.hardwareIdentifier) };
		const { serialNumber, hardwareIdentifier: hash } = machine;
		const read = { line, report: hash === "" ? undefined : decodeHardwareHash(hash) };
		const { groupTag = "", assignedUserPrincipalName = "", productKey = "" } = machine;
		const sameHash = this.#byHash.get(hash);
		this.#report(line, [
			[
				"serialNumber",
				checkSerialNumber(serialNumber, read) ?? this.#findSameSerial(serialNumber, { read, sameHash }),
			],
			["hardwareIdentifier", checkHash(row.hardwareIdentifier, sameHash)],
			["productKey", isDamaged(productKey) ? DAMAGED_TEXT_MESSAGE : undefined],
			["groupTag", isDamaged(groupTag) ? DAMAGED_TEXT_MESSAGE : findGroupTagProblem(groupTag)],
			[
				"assignedUserPrincipalName",
				isDamaged(assignedUserPrincipalName)
					? DAMAGED_TEXT_MESSAGE
					: findUserProblem(assignedUserPrincipalName),
			],
		]);
		if (sameHash === undefined) this.#byHash.set(hash, read);
		this.#bySerial.set(toSerialKey(serialNumber), [
			...(this.#bySerial.get(toSerialKey(serialNumber)) ?? []),
			read,
		]);
		this.machines.push(machine);
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

/** Checks a serial number. A problem ends with the serial number that the hash holds, if the hash can be decoded. */
function checkSerialNumber(serialNumber: string, { report }: ReadMachine): string | undefined {
	const problem = findSerialProblem(serialNumber, report?.serialNumber);
	if (problem === undefined || report?.serialNumber === undefined) return problem;
	return `${problem}; the hardware hash has the serial number ${toPrintableJson(report.serialNumber)}`;
}

function findSerialProblem(serialNumber: string, reported: string | undefined): string | undefined {
	if (serialNumber === "") return "is blank; fill it in, or drop the row";
	if (isDamaged(serialNumber)) return DAMAGED_TEXT_MESSAGE;
	// What the firmware reports is no trace of a spreadsheet, whatever it looks like.
	const isReported = reported === serialNumber.replace(/^ +| +$/g, "");
	return (isReported ? undefined : describeTrace(serialNumber)) ?? findSerialNumberProblem(serialNumber);
}

/** Checks a hash as the file has it, without completed padding. */
function checkHash(hash: string, same: ReadMachine | undefined): string | undefined {
	if (hash === "") return `is blank; ${EXPORT_AGAIN}`;
	if (same !== undefined)
		return `is the same as in line ${same.line}; a list may contain a machine only once, so drop one of the rows`;
	return findHardwareHashProblem(hash);
}

/** The remedy for a hash that is missing. */
const EXPORT_AGAIN =
	"export the row again (`Get-WindowsAutopilotInfo -OutputFile machines.csv`) and do not save the file in a spreadsheet";
