import type { Operation, Outcome } from "../../engine/index.ts";
import type { Screen } from "./screen.ts";

/** So many devices are named one by one; more are counted. */
const NAMED = 9;

type Row = readonly [sign: string, word: string, style: "green" | "yellow" | "magenta" | "red"];

/** What is shown of each kind of step; the halves of a replacement are left out. */
const ROWS: Readonly<Record<string, Row>> = {
	create: ["+", "create", "green"],
	update: ["~", "update", "yellow"],
	replace: ["±", "replace", "magenta"],
	delete: ["-", "delete", "red"],
};

/** What each kind of resource is called where there are many. */
const KINDS: readonly (readonly [type: string, many: string])[] = [
	[":DeviceIdentity", "devices"],
	[":DeviceFleet", "fleets"],
	[":AutopilotIdentity", "machines"],
];

/** Shows an outcome in short: what becomes of which devices and machines, and all that Pulumi says under Diagnostics. */
export function showOutcome(screen: Screen, outcome: Outcome): void {
	for (const [type, many] of KINDS) {
		const these = outcome.operations.filter((operation) => operation.type.endsWith(type));
		showOperations(screen, these, many);
	}
	showDiagnostics(screen, outcome);
}

function showOperations(screen: Screen, operations: readonly Operation[], many: string): void {
	for (const [kind, [sign, word, style]] of Object.entries(ROWS)) {
		const these = operations.filter((operation) => kindOf(operation) === kind);
		const lines =
			these.length > NAMED
				? [`${sign} ${word} ${these.length} ${many}`]
				: these.map((operation) => `${sign} ${word} ${operation.name}${detailOf(operation)}`);
		if (lines.length > 0) screen.answer(lines, style);
	}
	const same = operations.filter((operation) => kindOf(operation) === "same").length;
	if (same > 0) screen.aside(`${same} unchanged`);
}

/** A refresh tells what it found as its result. */
const kindOf = ({ op, result }: Operation): string => result ?? op;

function detailOf({ diffs = [], replaceKeys = [], status }: Operation): string {
	const names = [...new Set([...replaceKeys, ...diffs])];
	return (names.length === 0 ? "" : ` (${names.join(", ")})`) + (status === "failed" ? " – failed" : "");
}

function showDiagnostics(screen: Screen, { diagnostics }: Outcome): void {
	if (diagnostics.length > 0) screen.answer(["Diagnostics:"]);
	for (const { severity, message } of diagnostics) {
		const [first = "", ...rest] = message.split("\n");
		const isError = severity === "error";
		screen.answer([isError ? `  error: ${first}` : `  ${first}`], isError ? "red" : undefined);
		screen.answer(rest.map((line) => `  ${line}`));
	}
}
