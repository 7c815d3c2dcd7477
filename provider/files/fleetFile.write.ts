import type { FleetDevice } from "../sdk/deviceFleet.ts";
import { isPrintable, toPrintableJson } from "../text/sanitize.ts";
import { describeLostDigits } from "./csvHeader.ts";
import { isBlank } from "./csvParser.ts";
import { FLEET_COLUMN_TITLES } from "./fleetFile.csv.ts";

/** Devices without keys, by their ids. */
export type DevicesWithoutKeys = Iterable<readonly [id: string, device: FleetDevice]>;

/**
 * Writes devices as a CSV that `readFleet` reads as the same devices, with the columns that any of them needs. Keys are
 * left out.
 *
 * @returns undefined where a text would not survive: line breaks, blanks at its ends, an id that spreadsheets write, what a
 *   spreadsheet would take for a formula, or a terminal obey; a CSV has no escapes
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
 * Writes devices as an object on each line, which `readFleet` takes for the same devices. Keys are left out, and what a
 * terminal would obey is escaped.
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

/** How a cell begins that a spreadsheet computes instead of showing it (OWASP, "CSV Injection"), in full width too. */
const FORMULA_PATTERN = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** What a reader of any locale might take for a separator or a quote goes into quotes. */
function escapeCell(text: string): string {
	return /[",;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
