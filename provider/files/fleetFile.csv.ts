import { type Columns, columnNamed, titleOf } from "./csvColumns.ts";
import { type Header, headerOf, shortened, widthFault } from "./csvHeader.ts";
import { eachRow, isBlank, type Row } from "./csvTable.ts";
import { type FileFault, WHOLE } from "./fileFault.ts";
import type { DeviceFact, DeviceFacts } from "./fleetFile.facts.ts";
import type { Roll } from "./fleetFile.roll.ts";

type Property = Exclude<DeviceFact, "deviceScope" | "parentScopes" | "moduleId" | "importMode">;

const COLUMNS: Columns<Property> = {
	all: [
		{ title: "deviceId", property: "deviceId" },
		{ title: "parent", property: "parent" },
		{ title: "iotEdge", property: "iotEdge" },
		{ title: "status", property: "status" },
		{ title: "statusReason", property: "statusReason" },
		{ title: "authenticationType", property: "type" },
		{ title: "primaryKey", property: "primaryKey" },
		{ title: "secondaryKey", property: "secondaryKey" },
		{ title: "primaryThumbprint", property: "primaryThumbprint" },
		{ title: "secondaryThumbprint", property: "secondaryThumbprint" },
	],
	required: ["deviceId"],
};

/** The columns in their usual order. */
export const FLEET_COLUMNS: readonly string[] = COLUMNS.all.map(({ title }) => title);

const OTHERS = FLEET_COLUMNS.filter((title) => title !== "deviceId").join(", ");

const HEADLESS = `its first line must name the columns: deviceId and any of ${OTHERS}. What "az … --output tsv" writes has no names; take "--output json"`;

/** Reads rows below a row that names the columns. */
export function readRows(text: string, roll: Roll, separator?: string): void {
	let header: Header<Property> | undefined;
	const take = (row: Row): void => {
		if (header !== undefined) readRow(row, header, roll);
		else header = headerIn(row, roll);
	};
	const unread = eachRow(text, { isColumn, ...(separator !== undefined && { separator }) }, take);
	for (const fault of unread) roll.fault(fault);
	if (header === undefined && unread.length === 0) roll.fault({ ...WHOLE, text: HEADLESS });
}

/** Where no column is named, the rows are not read either: one fault is enough then. */
function headerIn(row: Row, roll: Roll): Header<Property> {
	const header = headerOf(COLUMNS, row);
	const headless: FileFault = { ...WHOLE, text: HEADLESS };
	for (const fault of header?.faults ?? [headless]) roll.fault(fault);
	return header ?? { width: 0, places: new Map(), faults: [headless] };
}

function readRow(row: Row, header: Header<Property>, roll: Roll): void {
	if (header.places.size === 0) return;
	const width = widthFault(row, header);
	const place = header.places.get("deviceId");
	if (width !== undefined) roll.fault(width);
	// Without that column its fault is told once, not for each row.
	else if (place !== undefined) roll.enter(factsOf(row, header, roll), { line: row.line, column: place + 1 });
}

function factsOf({ line, cells }: Row, { places }: Header<Property>, roll: Roll): DeviceFacts {
	const facts: DeviceFacts = new Map();
	for (const [property, place] of places) {
		const cell = (cells[place] ?? "").trim();
		if (isBlank(cell)) continue;
		const name = titleOf(COLUMNS, property);
		const value = property === "iotEdge" ? truthIn(cell) : cell;
		facts.set(property, { name, value: { line, column: place + 1, kind: "scalar", value } });
		const lost = property === "deviceId" || property === "parent" ? shortened(cell) : undefined;
		if (lost !== undefined) roll.fault({ line, column: place + 1, text: `${name} ${lost}` });
	}
	return facts;
}

/** Excel writes TRUE. */
function truthIn(cell: string): string | boolean {
	const lower = cell.toLowerCase();
	return lower === "true" || lower === "false" ? lower === "true" : cell;
}

function isColumn(cell: string): boolean {
	return columnNamed(COLUMNS, cell) !== undefined;
}
