import { describeLostDigits } from "../rules/spreadsheetTraces.ts";
import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { isPrintable, toPrintableJson } from "../text/sanitize.ts";
import { isBlank } from "./csvParser.ts";
import { FLEET_COLUMN_TITLES } from "./fleetFile.csv.ts";

/** Devices without keys, by their ids. */
export type DevicesWithoutKeys = Iterable<readonly [id: string, device: FleetDevice]>;

/**
 * Returns devices as a CSV text from which `readFleet` reads the same devices, with the columns that they need. Keys are
 * omitted.
 *
 * @returns undefined if a value cannot be written, since CSV has no escapes: line breaks, white space at its ends, a number
 *   shortened by a spreadsheet, a formula of a spreadsheet, or terminal control characters
 */
export function formatFleetCsv(devices: DevicesWithoutKeys): string | undefined {
	const rows = [...devices].map(([id, device]) => toCsvCells(id, device));
	if (rows.some((row) => Object.values(row).some((text) => !canWriteCell(text)))) return undefined;
	const titles = FLEET_COLUMN_TITLES.filter(
		(title) => title === "deviceId" || rows.some((row) => title in row),
	);
	const lines = rows.map((row) => titles.map((title) => escapeCell(row[title] ?? "")).join(","));
	return `${[titles.join(","), ...lines].join("\n")}\n`;
}

/**
 * Returns devices as one JSON object on each line, from which `readFleet` reads the same devices. Keys are omitted, and
 * terminal control characters are escaped.
 */
export function formatFleetJsonLines(devices: DevicesWithoutKeys): string {
	const lines = [...devices].map(([deviceId, { authentication, ...device }]) => {
		const { symmetricKey: _, ...shown } = authentication ?? {};
		return `${toPrintableJson({ deviceId, ...device, ...(authentication && { authentication: shown }) })}\n`;
	});
	return lines.join("");
}

function toCsvCells(deviceId: string, device: FleetDevice): Readonly<Record<string, string>> {
	const { parent, capabilities, status, statusReason, authentication } = device;
	const cells = {
		deviceId,
		parent,
		iotEdge: capabilities?.iotEdge?.toString(),
		status,
		statusReason,
		authenticationType: authentication?.type,
		...authentication?.x509Thumbprint,
	};
	return Object.fromEntries(
		Object.entries(cells).filter((entry): entry is [string, string] => entry[1] !== undefined),
	);
}

function canWriteCell(text: string): boolean {
	const isSingleLine = text === text.trim() && !isBlank(text) && !/[\r\n]/.test(text) && isPrintable(text);
	return isSingleLine && describeLostDigits(text) === undefined && !FORMULA_PATTERN.test(text);
}

/** The beginning of a cell that a spreadsheet evaluates as a formula (OWASP, "CSV Injection"), also in full-width characters. */
const FORMULA_PATTERN = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Quotes a cell with a quote or a character that is the separator in some locale. */
function escapeCell(text: string): string {
	return /[",;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
