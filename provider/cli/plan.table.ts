import type { PlannedOperation, PlanReport } from "./planReport.ts";
import { counted } from "./words.ts";

/** What each operation is called. */
const OPERATIONS: Readonly<Record<string, string>> = {
	create: "create all",
	preview: "preview, nothing changed",
	refresh: "refresh",
	change: "change all",
	destroy: "destroy",
};

/** What one request of a meter is called. */
const REQUESTS: Readonly<Record<string, string>> = {
	registry: "registry operation",
	query: "query page",
	twin: "twin read",
	write: "write",
};

/** What sets the time. */
const BOUNDS: Readonly<Record<string, string>> = {
	registry: "registry operations",
	query: "query pages",
	twin: "twin reads",
	write: "writes to Graph",
	inFlight: "requests under way at a time",
	imports: "imports under way at a time",
};

/** The report for people at a terminal: what there is, a line for each operation, and what would be faster. */
export function planTable(report: PlanReport): string {
	const rows = report.operations.map((operation) => [
		OPERATIONS[operation.operation] ?? operation.operation,
		requestsTold(operation),
		durationTold(operation.seconds),
		boundTold(operation),
	]);
	const blocks = [
		`${whatTold(report)}\n`,
		aligned([["", "requests", "time", "bound by"], ...rows]),
		report.operations.flatMap(remedyTold).join(""),
		report.faults.map((fault) => `It can't be deployed: ${fault}.\n`).join(""),
	];
	return blocks.filter((block) => block !== "").join("\n");
}

function whatTold({ file, devices, machines, gateways = 0, levels = 0, sku, units = 1 }: PlanReport): string {
	if (devices === undefined) return `"${file}" has ${counted(machines ?? 0, "machine")}.`;
	const gatewaysTold = gateways === 0 ? "" : `, ${counted(gateways, "gateway")} among them`;
	const levelsTold = levels < 2 ? "" : `, in ${levels} levels`;
	return `"${file}" has ${counted(devices, "device")}${gatewaysTold}${levelsTold}. On a hub ${sku} with ${counted(units, "unit")}:`;
}

function requestsTold({ requests }: PlannedOperation): string {
	const told = Object.entries(requests).map(([meter, count]) => counted(count, REQUESTS[meter] ?? meter));
	return told.join(", ") || "none";
}

function boundTold({ bound, rate, requests }: PlannedOperation): string {
	if (Object.keys(requests).length === 0) return "";
	const name = BOUNDS[bound] ?? bound;
	return rate === undefined ? name : `${name}, ${Number(rate.toPrecision(3))} a second`;
}

function remedyTold({ operation, fastEnough }: PlannedOperation): string[] {
	if (fastEnough === undefined) return [];
	const name = OPERATIONS[operation] ?? operation;
	const hubs = fastEnough.map(({ sku, units }) => `${sku} with ${counted(units, "unit")}`);
	return [`${name}: fast enough ${hubs.length === 0 ? "on no hub" : `on ${hubs.join(", or on ")}`}.\n`];
}

/** `45 s`, `12 min`, `3 h 20 min`. */
function durationTold(seconds: number): string {
	if (seconds < 120) return `${Math.ceil(seconds)} s`;
	const minutes = Math.ceil(seconds / 60);
	if (minutes < 120) return `${minutes} min`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function aligned(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
	const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ");
	return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}
