import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { MachineView } from "../../emulator/emulator.ts";

/** What the tenant should hold of a machine. */
export interface ExpectedMachine {
	readonly serialNumber: string;
	readonly productKey: string;
	readonly hardwareIdentifier: string;
	readonly groupTag: string;
	readonly userPrincipalName: string;
}

/** What the tenant should hold after the CSV file was deployed, told from nothing but the file. */
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

/** Holds the tenant against what it should hold: one line for each difference, none where all is well. */
export function compareMachines(
	expected: readonly ExpectedMachine[],
	tenant: readonly MachineView[],
): readonly string[] {
	const declared = new Set(expected.map(({ serialNumber }) => serialNumber));
	return [
		...expected.flatMap((machine) => compareMachine(machine, tenant)),
		...tenant
			.filter(({ serialNumber }) => !declared.has(serialNumber))
			.map(({ serialNumber }) => `${serialNumber} is registered and is not declared`),
	];
}

function compareMachine(expected: ExpectedMachine, tenant: readonly MachineView[]): readonly string[] {
	const { serialNumber, ...members } = expected;
	const [view, ...others] = tenant.filter((machine) => machine.serialNumber === serialNumber);
	if (view === undefined) return [`${serialNumber} is declared and is not registered`];
	if (others.length > 0) return [`${serialNumber} is registered ${1 + others.length} times`];
	return Object.entries(members).flatMap(([name, value]) => {
		const seen = view[name as keyof typeof members];
		return seen === value ? [] : [formatDifference(`${serialNumber}: ${name}`, seen, value)];
	});
}

/** Hashes are never shown, not even made-up ones. */
function formatDifference(what: string, seen: string, value: string): string {
	if (what.endsWith(": hardwareIdentifier")) return `${what} is not the one declared`;
	return `${what} is ${JSON.stringify(seen)}, declared is ${JSON.stringify(value)}`;
}
