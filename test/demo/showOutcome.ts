import type { Operation, Outcome } from "../engine/index.ts";
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

/** Shows an outcome in short: what becomes of which devices, and all that Pulumi says under Diagnostics. */
export function showOutcome(screen: Screen, outcome: Outcome): void {
	const devices = outcome.operations.filter(({ type }) => type.endsWith(":DeviceIdentity"));
	for (const [kind, [sign, word, style]] of Object.entries(ROWS)) {
		const these = devices.filter((operation) => kindOf(operation) === kind);
		const lines =
			these.length > NAMED
				? [`${sign} ${word} ${these.length} devices`]
				: these.map((operation) => `${sign} ${word} ${operation.name}${detailOf(operation)}`);
		if (lines.length > 0) screen.answer(lines, style);
	}
	const same = devices.filter((operation) => kindOf(operation) === "same").length;
	if (same > 0) screen.aside(`${same} unchanged`);
	showDiagnostics(screen, outcome);
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
