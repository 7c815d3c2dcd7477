import type { Operation, Outcome } from "../../engine/index.ts";
import type { Screen } from "./screen.ts";

/** The most devices that are listed by name; more are counted. */
const NAMED = 9;

type Row = readonly [sign: string, word: string, style: "green" | "yellow" | "magenta" | "red"];

/** How each kind of step is shown. The two halves of a replacement are left out. */
const ROWS: Readonly<Record<string, Row>> = {
	create: ["+", "create", "green"],
	update: ["~", "update", "yellow"],
	replace: ["±", "replace", "magenta"],
	delete: ["-", "delete", "red"],
};

/** The plural of each type of resource. */
const KINDS: readonly (readonly [type: string, many: string])[] = [
	[":DeviceIdentity", "devices"],
	[":DeviceFleet", "fleets"],
	[":AutopilotIdentity", "machines"],
];

/** Prints a summary of an outcome: the steps for devices and machines, and all of Pulumi's diagnostics. */
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

/** Returns the kind of a step. A refresh reports the change that it found as its result. */
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
