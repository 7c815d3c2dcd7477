import { formatCount, formatDuration, formatQuantity } from "../text/quantities.ts";
import type { PlannedOperation, PlanReport } from "./plan.report.ts";

/** Labels of operations. */
const OPERATION_LABELS: Readonly<Record<string, string>> = {
	create: "create all",
	preview: "preview, nothing changed",
	refresh: "refresh",
	change: "change all",
	destroy: "destroy",
};

/** Labels of a single request, by meter. */
const REQUEST_LABELS: Readonly<Record<string, string>> = {
	registry: "registry operation",
	query: "query page",
	twin: "twin read",
	write: "write",
};

/** Labels of the bounds that determine an operation's duration. */
const BOUND_LABELS: Readonly<Record<string, string>> = {
	registry: "registry operations",
	query: "query pages",
	twin: "twin reads",
	write: "writes to Graph",
	inFlight: "waiting for responses",
	imports: "waiting for Intune's imports",
	deletions: "waiting for Intune's deletions",
};

/** Formats the report for a terminal: the file, one line for each operation, and hubs that would be fast enough. */
export function formatPlanTable(report: PlanReport): string {
	const rows = report.operations.map((operation) => [
		OPERATION_LABELS[operation.operation] ?? operation.operation,
		formatRequests(operation),
		formatDurationRange(operation),
		formatBound(operation),
	]);
	const blocks = [
		`${describePlannedFile(report)}\n`,
		alignColumns([["", "requests", "time", "limited by"], ...rows]),
		report.operations.flatMap(formatFastEnoughHubs).join(""),
		report.faults.map((fault) => `The file cannot be deployed: ${fault}.\n`).join(""),
	];
	return blocks.filter((block) => block !== "").join("\n");
}

function describePlannedFile({
	file,
	devices,
	machines,
	gateways = 0,
	levels = 0,
	sku,
	units = 1,
}: PlanReport): string {
	if (devices === undefined) return `"${file}" has ${formatQuantity(machines ?? 0, "machine")}.`;
	const gatewaysText = gateways === 0 ? "" : `, ${formatQuantity(gateways, "gateway")} among them`;
	const levelsText = levels < 2 ? "" : `, in ${levels} levels`;
	return `"${file}" has ${formatQuantity(devices, "device")}${gatewaysText}${levelsText}. On a hub ${sku} with ${formatQuantity(units, "unit")}:`;
}

function formatRequests({ requests }: PlannedOperation): string {
	const counts = Object.entries(requests).map(([meter, count]) =>
		formatQuantity(count, REQUEST_LABELS[meter] ?? meter),
	);
	return counts.join(", ") || "none";
}

function formatBound({ bound, rate, concurrency, requests }: PlannedOperation): string {
	if (Object.keys(requests).length === 0) return "";
	const name = BOUND_LABELS[bound] ?? bound;
	if (rate !== undefined) return `${name}, ${Number(rate.toPrecision(3))} a second`;
	return concurrency === undefined ? name : `${name}, ${formatCount(concurrency)} at a time`;
}

function formatFastEnoughHubs({ operation, fastEnough }: PlannedOperation): string[] {
	if (fastEnough === undefined) return [];
	const name = OPERATION_LABELS[operation] ?? operation;
	const hubs = fastEnough.map(({ sku, units }) => `${sku} with ${formatQuantity(units, "unit")}`);
	return [`${name}: fast enough ${hubs.length === 0 ? "on no hub" : `on ${hubs.join(", or on ")}`}.\n`];
}

/** Formats how long an operation takes: `3 min to 30 min` if it waits for Intune. */
function formatDurationRange({ seconds, maxSeconds }: PlannedOperation): string {
	const shortest = formatDuration(seconds);
	return maxSeconds === undefined || seconds === 0
		? shortest
		: `${shortest} to ${formatDuration(maxSeconds)}`;
}

function alignColumns(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	const formatRow = (row: readonly string[]) =>
		row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
	return rows.map((row) => `${formatRow(row).trimEnd()}\n`).join("");
}
