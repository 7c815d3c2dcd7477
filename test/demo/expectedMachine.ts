import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

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
