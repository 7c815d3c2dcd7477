import { formatMishap, formatSteps } from "../told.ts";
import type { Edit, History, Options, Outside, Step, Trouble } from "./step.ts";

/** A history as a person reads it, a step a line. */
export function formatStackHistory({ program, steps }: History): string {
	const begin = Object.entries(program).map(([stack, edits]) => [stack, edits.map(formatEdit)] as const);
	return formatSteps(Object.fromEntries(begin), steps.map(formatStep));
}

function formatStep({ stack = "main", ...step }: Step): string {
	if (step.do === "outside") return `somebody ${formatOutsideChange(step.outside)}`;
	if (step.do === "age") return `${stack}: state is as release 0.1 wrote it`;
	if (step.do === "edit") return `${stack}: the program: ${formatEdit(step)}`;
	return `${stack}: ${[step.do, ...formatOptions(step)].join("; ")}`;
}

function formatEdit(edit: Edit): string {
	switch (edit.edit) {
		case "give":
			return `${edit.to} declares ${edit.id}${edit.adopt === undefined ? "" : `, adopt: ${edit.adopt}`}`;
		case "take":
			return `nobody declares ${edit.id}`;
		case "drop":
			return `${edit.name} is gone`;
		case "rename":
			return `${edit.name} is called ${edit.to} ${edit.alias ? "with" : "without"} an alias`;
		case "first":
		case "last":
			return `${edit.name} comes ${edit.edit}`;
		default: {
			const { edit: _, name, ...said } = edit;
			return `${name} says ${JSON.stringify(said)}`;
		}
	}
}

function formatOptions({ mishap, between, ...options }: Options): string[] {
	const { refresh, continueOnError, targets = [], replace = [], fails, pace = 0 } = options;
	return [
		...(refresh ? ["--refresh"] : []),
		...(continueOnError ? ["--continue-on-error"] : []),
		...targets.map((name) => `--target ${name}`),
		...replace.map((name) => `--replace ${name}`),
		...(fails === undefined ? [] : [`a resource of somebody else's fails after ${fails} of ours`]),
		...(between ? [`after ${between.at} steps somebody ${formatOutsideChange(between.outside)}`] : []),
		...formatTrouble(mishap),
		...(pace === 0 ? [] : [`pace ${pace}`]),
	];
}

function formatTrouble(trouble: Trouble | undefined): string[] {
	if (trouble?.kind === "engine dies") return [`the engine dies over step ${trouble.at}`];
	return formatMishap(trouble);
}

function formatOutsideChange({ what, id }: Outside): string {
	return `${what}s ${id}`;
}
