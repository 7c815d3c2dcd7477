import { findReportedSerial } from "../../rules/machineSerial.ts";
import type { AutopilotInputs } from "../autopilotIdentity.inputs.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";

/** An import that was sent: what it says about the machine, and its id in lower case. */
export interface SentImport {
	readonly inputs: AutopilotInputs;
	readonly importId: string;
}

/**
 * Returns the records of the imports of one request. The service may not keep the ids of imports (microsoft-graph-docs#6494), so records
 * without a known id are matched by their serial numbers, in the order of the request, which is documented for the response. If the
 * response has more or fewer records of a serial number than the request, none of them is matched.
 *
 * @param rows the items of the response in order; undefined for an item that is no record
 */
export function matchRecords<Sent extends SentImport>(
	sent: readonly Sent[],
	rows: readonly (ImportRecord | undefined)[],
): ReadonlyMap<Sent, ImportRecord> {
	const matches = new Map<Sent, ImportRecord>();
	const sentById = new Map(sent.map((each) => [each.importId, each]));
	const anonymous: ImportRecord[] = [];
	for (const record of rows) {
		if (record === undefined) continue;
		const withId = sentById.get(record.importId.toLowerCase());
		if (withId === undefined) anonymous.push(record);
		else if (isAbout(record, withId)) matches.set(withId, record);
	}
	const unmatched = sent.filter((each) => !matches.has(each));
	for (const serialNumber of new Set(unmatched.map(({ inputs }) => inputs.serialNumber))) {
		const group = unmatched.filter(({ inputs }) => inputs.serialNumber === serialNumber);
		const records = anonymous.filter((record) => record.serialNumber === serialNumber);
		if (records.length !== group.length) continue;
		for (const [at, record] of records.entries()) {
			const each = group[at];
			if (each !== undefined) matches.set(each, record);
		}
	}
	if (rows.length !== sent.length) return matches;
	for (const [at, each] of sent.entries()) {
		const record = rows[at];
		const isUnnamed = record?.serialNumber === "" && anonymous.includes(record);
		if (record !== undefined && isUnnamed && !matches.has(each)) matches.set(each, record);
	}
	return matches;
}

/** Whether a record can be of this import: it has the declared serial number, the one in the hash, or none. */
function isAbout({ serialNumber }: ImportRecord, { inputs }: SentImport): boolean {
	return ["", inputs.serialNumber, findReportedSerial(inputs)].includes(serialNumber);
}
