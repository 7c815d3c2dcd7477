import type { Diagnostic, Operation, Outcome } from "../../engine.ts";
import type { Kind } from "../runOperation.ts";

/** The context of a displayed outcome. */
export interface Shown {
	readonly kind: Kind;
	readonly stack: string;
	readonly project: string;
	readonly durationSeconds: number;
}

const TITLES: Readonly<Record<Kind, string>> = {
	preview: "Previewing update",
	update: "Updating",
	refresh: "Refreshing",
	destroy: "Destroying",
};

const SIGNS: Readonly<Record<string, string>> = {
	same: "",
	create: "+",
	update: "~",
	delete: "-",
	replace: "+-",
	"create-replacement": "++",
	"delete-replaced": "--",
	read: ">",
	"read-replacement": ">>",
	refresh: "~",
	discard: "<",
	"discard-replaced": "<<",
};

/** Formats an outcome like the CLI's plain display: steps, diagnostics, outputs, counts. */
export function renderOutcome(
	shown: Shown,
	{ operations, diagnostics, outputs, changes }: Omit<Outcome, "output" | "stdout" | "stderr">,
): string {
	const preview = shown.kind === "preview";
	const blocks = [
		`${TITLES[shown.kind]} (${shown.stack}):`,
		operations
			.map((operation) => renderOperation(operation, preview))
			.filter(Boolean)
			.join("\n"),
		renderDiagnostics(shown, diagnostics),
		renderOutputs(outputs),
		renderSummary(changes, preview),
		`Duration: ${shown.durationSeconds}s`,
	];
	return `${blocks.filter(Boolean).join("\n\n")}\n`;
}

function renderOperation(operation: Operation, preview: boolean): string {
	const op = operation.result ?? operation.op;
	const sign = (SIGNS[op] ?? "").padStart(2);
	const diffs = operation.diffs?.map((name) => `~${name}`).join(",");
	const info = diffs === undefined ? "" : ` [diff: ${diffs}]`;
	const done = op === "same" ? "" : ` ${preview ? op : toPastTense(op)}`;
	const word = operation.status === "failed" ? " **failed**" : done;
	return `${sign}  ${displayType(operation.type)} ${operation.name}${word}${info}`.trimEnd();
}

/** Formats a type without the module's lower-case repetition of the resource (`Type.DisplayName`). */
function displayType(type: string): string {
	const [pkg = "", module = "", name = ""] = type.split(":");
	const [first, second] = module.split("/");
	const repeated = second !== undefined && second.toLowerCase() === name.toLowerCase();
	return repeated ? `${pkg}:${first}:${name}` : type;
}

const PAST: Readonly<Record<string, string>> = {
	create: "created",
	update: "updated",
	delete: "deleted",
	replace: "replaced",
	"create-replacement": "created replacement",
	"delete-replaced": "deleted original",
	read: "read",
	refresh: "refreshed",
	discard: "discarded",
};

const toPastTense = (op: string): string => PAST[op] ?? op;

function renderDiagnostics(shown: Shown, diagnostics: readonly Diagnostic[]): string {
	if (diagnostics.length === 0) return "";
	const stack = `pulumi:pulumi:Stack (${shown.project}-${shown.stack}):`;
	const groups = group(diagnostics, stack);
	const blocks = [...groups].map(
		([title, list]) => `  ${title}\n${list.map((diagnostic) => renderDiagnostic(diagnostic)).join("\n")}`,
	);
	return `Diagnostics:\n${blocks.join("\n\n")}`;
}

function group(diagnostics: readonly Diagnostic[], stack: string): Map<string, Diagnostic[]> {
	const groups = new Map<string, Diagnostic[]>();
	for (const diagnostic of diagnostics) {
		const title = diagnostic.urn === undefined ? stack : renderTitle(diagnostic.urn);
		groups.set(title, [...(groups.get(title) ?? []), diagnostic]);
	}
	return groups;
}

function renderTitle(urn: string): string {
	const [, , type = "", ...name] = urn.split("::");
	return `${displayType(type.split("$").at(-1) ?? "")} (${name.join("::")}):`;
}

function renderDiagnostic({ severity, message }: Diagnostic): string {
	const prefix = severity === "error" || severity === "warning" ? `${severity}: ` : "";
	return `${prefix}${message}`.replaceAll(/^/gmu, "    ");
}

function renderOutputs(outputs: Outcome["outputs"]): string {
	const names = Object.keys(outputs).sort();
	if (names.length === 0) return "";
	const width = Math.max(...names.map((name) => name.length));
	const lines = names.map((name) => `    ${name.padEnd(width)}: ${renderOutput(outputs[name])}`);
	return `Outputs:\n${lines.join("\n")}`;
}

const renderOutput = (value: unknown): string =>
	value === "[secret]" ? value : JSON.stringify(value, undefined, 2);

function renderSummary(changes: Outcome["changes"], preview: boolean): string {
	const { same = 0, ...others } = changes;
	const lines = Object.entries(others).map(
		([op, count]) => `    ${SIGNS[op] ?? ""} ${count} ${preview ? `to ${op}` : toPastTense(op)}`,
	);
	return ["Resources:", ...lines, ...(same === 0 ? [] : [`    ${same} unchanged`])].join("\n");
}
