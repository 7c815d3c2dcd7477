import { describeLostDigits } from "../rules/spreadsheetTraces.ts";
import {
	type CsvColumns,
	type CsvHeader,
	checkRowWidth,
	findColumn,
	getColumnTitle,
	parseHeader,
} from "./csvHeader.ts";
import { type CsvColumnOptions, customizeColumns } from "./csvOptions.ts";
import { type CsvRow, isBlank, parseCsvRows } from "./csvParser.ts";
import { type Diagnostic, WHOLE_FILE } from "./diagnostics.ts";
import type { DeviceCollector } from "./fleetFile.collector.ts";
import { describeForeignColumns } from "./fleetFile.foreign.ts";
import type { DeviceField, DeviceValues } from "./fleetFile.schema.ts";

/** A field of a device that a column sets. */
type DeviceColumnField = Exclude<DeviceField, "deviceScope" | "parentScopes" | "moduleId" | "importMode">;

/** A column of a CSV file of devices. */
export type FleetColumn =
	| "deviceId"
	| "parent"
	| "iotEdge"
	| "status"
	| "statusReason"
	| "authenticationType"
	| "primaryKey"
	| "secondaryKey"
	| "primaryThumbprint"
	| "secondaryThumbprint";

const FIELDS_BY_TITLE: Readonly<Record<FleetColumn, DeviceColumnField>> = {
	deviceId: "deviceId",
	parent: "parent",
	iotEdge: "iotEdge",
	status: "status",
	statusReason: "statusReason",
	authenticationType: "type",
	primaryKey: "primaryKey",
	secondaryKey: "secondaryKey",
	primaryThumbprint: "primaryThumbprint",
	secondaryThumbprint: "secondaryThumbprint",
};

/** What the hub computes, as `Get-AzIotHubDevice | Export-Csv` and other tools write it. */
const COMPUTED_TITLES = [
	"generationId",
	"etag",
	"deviceEtag",
	"connectionState",
	"connectionStateUpdatedTime",
	"lastActivityTime",
	"statusUpdatedTime",
	"statusUpdateTime",
	"cloudToDeviceMessageCount",
];

const DEVICE_COLUMNS: CsvColumns<DeviceColumnField> = {
	all: [
		...Object.entries(FIELDS_BY_TITLE).map(([title, property]) => ({ title, property })),
		{ title: "id", property: "deviceId" },
		{ title: "EdgeEnabled", property: "iotEdge", isUnlisted: true },
		{ title: "Authentication", property: "type", isUnlisted: true },
		...COMPUTED_TITLES.map((title) => ({ title, isUnlisted: true }) as const),
	],
	required: ["deviceId"],
	programNames: FIELDS_BY_TITLE,
};

/** The titles of the columns in their usual order. */
export const FLEET_COLUMN_TITLES: readonly string[] = Object.keys(FIELDS_BY_TITLE);

const OPTIONAL_TITLES = FLEET_COLUMN_TITLES.filter((title) => title !== "deviceId").join(", ");

const MISSING_DEVICE_HEADER = `its first line must name the columns: deviceId and any of ${OPTIONAL_TITLES}; if the file names them differently, set columns: { "its name": "deviceId" }. "az … --output tsv" writes no column names; use "--output json" instead`;

/** How the rows of a CSV text are read. */
export interface DeviceRowOptions extends CsvColumnOptions {
	/** The separator between cells. Default: detected in the header. */
	readonly separator?: string;
}

/** Adds the devices of a CSV text, one row for each below the header. */
export function readDeviceRows(text: string, collector: DeviceCollector, options: DeviceRowOptions): void {
	const columns = customizeColumns(DEVICE_COLUMNS, options);
	let header: CsvHeader<DeviceColumnField> | undefined;
	const onRow = (row: CsvRow): void => {
		if (header !== undefined) readDeviceRow(row, header, collector);
		else header = readDeviceHeader(row, columns, collector);
	};
	const isColumn = (cell: string): boolean => findColumn(columns, cell) !== undefined;
	const { separator } = options;
	const unreadDiagnostics = parseCsvRows(
		text,
		{ isColumn, ...(separator !== undefined && { separator }) },
		onRow,
	);
	for (const diagnostic of unreadDiagnostics) collector.addDiagnostic(diagnostic);
	if (header === undefined && unreadDiagnostics.length === 0)
		collector.addDiagnostic({ ...WHOLE_FILE, text: MISSING_DEVICE_HEADER });
}

/** Reads the header. If it names no known column, the rows are not read, so that there is a single diagnostic. */
function readDeviceHeader(
	row: CsvRow,
	columns: CsvColumns<DeviceColumnField>,
	collector: DeviceCollector,
): CsvHeader<DeviceColumnField> {
	const isMapped = columns.custom?.some(({ property }) => property !== undefined) ?? false;
	const foreign = isMapped ? undefined : describeForeignColumns(row.cells);
	const header = foreign === undefined ? parseHeader(columns, row) : undefined;
	const missingHeader: Diagnostic = { ...WHOLE_FILE, text: foreign ?? MISSING_DEVICE_HEADER };
	for (const diagnostic of header?.diagnostics ?? [missingHeader]) collector.addDiagnostic(diagnostic);
	return header ?? { columns, columnCount: 0, columnIndexes: new Map(), diagnostics: [missingHeader] };
}

function readDeviceRow(row: CsvRow, header: CsvHeader<DeviceColumnField>, collector: DeviceCollector): void {
	if (header.columnIndexes.size === 0) return;
	const widthDiagnostic = checkRowWidth(row, header);
	const idIndex = header.columnIndexes.get("deviceId");
	if (widthDiagnostic !== undefined) collector.addDiagnostic(widthDiagnostic);
	// A missing deviceId column is reported once, by the header, not for each row.
	else if (idIndex !== undefined)
		collector.addDevice(readCellValues(row, header, collector), { line: row.line, column: idIndex + 1 });
}

function readCellValues(
	{ line, cells }: CsvRow,
	{ columns, columnIndexes }: CsvHeader<DeviceColumnField>,
	collector: DeviceCollector,
): DeviceValues {
	const values: DeviceValues = new Map();
	for (const [property, columnIndex] of columnIndexes) {
		const cell = (cells[columnIndex] ?? "").trim();
		if (isBlank(cell)) continue;
		const name = getColumnTitle(columns, property);
		const value = { line, column: columnIndex + 1, kind: "scalar", value: cell } as const;
		values.set(property, { name, value });
		const problem = property === "parent" ? describeLostDigits(cell) : undefined;
		if (problem !== undefined)
			collector.addDiagnostic({ line, column: columnIndex + 1, text: `${name} ${problem}` });
	}
	return values;
}
