import { AUTOPILOT_COLUMNS, type AutopilotCsvRow } from "./autopilotCsv.columns.ts";
import { machinesOf } from "./autopilotCsv.rows.ts";
import { columnNamed } from "./csvColumns.ts";
import { headerOf } from "./csvHeader.ts";
import { eachRow, type Row } from "./csvTable.ts";
import { type FileFault, messageOf, WHOLE } from "./fileFault.ts";
import { NoText, textOf } from "./fileText.ts";

/** What a list of machines holds. */
export interface AutopilotCsv {
	/** A row for each machine, in the file's order; none where there are faults. */
	readonly machines: AutopilotCsvRow[];
	/** All that is wrong. */
	readonly faults: readonly FileFault[];
}

/** Reads a list of machines as `readAutopilotCsv` does, without Pulumi. */
export function machinesIn(path: string): AutopilotCsv {
	try {
		return machinesInText(textOf(path));
	} catch (error) {
		if (error instanceof NoText) return { machines: [], faults: [error.fault] };
		throw error;
	}
}

function machinesInText(text: string): AutopilotCsv {
	const rows: Row[] = [];
	const unread = eachRow(text, { isColumn }, (row) => rows.push(row));
	const [first, ...others] = rows;
	if (first === undefined && unread.length > 0) return { machines: [], faults: unread };
	const header = first && headerOf(AUTOPILOT_COLUMNS, first);
	if (header === undefined) return { machines: [], faults: [{ ...WHOLE, text: HEADLESS }] };
	const { machines, faults: wrong } = machinesOf(others, header);
	const faults = [...header.faults, ...wrong, ...unread];
	return { machines: faults.length > 0 ? [] : machines, faults };
}

/** What to say of a list of machines that can't be used. */
export function autopilotCsvFailure(path: string, faults: readonly FileFault[]): string {
	return messageOf(`"${path}" can't be used as a list of Autopilot machines:`, faults);
}

const HEADLESS = `its first line must name the columns: "Device Serial Number", "Hardware Hash" and, where there are such, "Windows Product ID", "Group Tag", "Assigned User"`;

function isColumn(cell: string): boolean {
	return columnNamed(AUTOPILOT_COLUMNS, cell) !== undefined;
}
