import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { MachineView } from "../../emulator/emulator.ts";

/** The expected state of a machine. */
export interface ExpectedMachine {
	readonly serialNumber: string;
	readonly productKey: string;
	readonly hardwareIdentifier: string;
	readonly groupTag: string;
	readonly userPrincipalName: string;
}

/** Returns the machines that must exist after the deployment of the CSV file, computed only from the file. */
export function readExpectedMachines(file: string): readonly ExpectedMachine[] {
	const rows: string[][] = parse(readFileSync(file, "utf8"), { from_line: 2, relax_column_count: true });
	return rows.map(([serialNumber = "", productKey = "", hash = "", groupTag = "", user = ""]) => ({
		serialNumber,
		productKey,
		hardwareIdentifier: hash,
		groupTag,
		userPrincipalName: user,
	}));
}

/** Compares the tenant with the expected machines. Returns one line for each difference. */
export function compareMachines(
	expected: readonly ExpectedMachine[],
	tenant: readonly MachineView[],
): readonly string[] {
	const declared = new Set(expected.map(({ serialNumber }) => serialNumber));
	return [
		...expected.flatMap((machine) => compareMachine(machine, tenant)),
		...tenant
			.filter(({ serialNumber }) => !declared.has(serialNumber))
			.map(({ serialNumber }) => `${serialNumber} is registered but is not declared`),
	];
}

function compareMachine(expected: ExpectedMachine, tenant: readonly MachineView[]): readonly string[] {
	const { serialNumber, ...members } = expected;
	const [view, ...others] = tenant.filter((machine) => machine.serialNumber === serialNumber);
	if (view === undefined) return [`${serialNumber} is declared but is not registered`];
	if (others.length > 0) return [`${serialNumber} is registered ${1 + others.length} times`];
	return Object.entries(members).flatMap(([name, value]) => {
		const seen = view[name as keyof typeof members];
		return seen === value ? [] : [formatDifference(`${serialNumber}: ${name}`, seen, value)];
	});
}

/** Describes a difference. Hashes are never shown, not even invented ones. */
function formatDifference(what: string, seen: string, value: string): string {
	if (what.endsWith(": hardwareIdentifier")) return `${what} is not the declared one`;
	return `${what} is ${JSON.stringify(seen)}, declared as ${JSON.stringify(value)}`;
}
