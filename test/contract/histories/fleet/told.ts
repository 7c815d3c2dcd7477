import { formatCommand, formatDeclaration, formatSteps } from "../told.ts";
import type { History, Outside, Step } from "./step.ts";

/** A history as a person reads it, a step a line. */
export function formatFleetHistory({ program, steps }: History): string {
	return formatSteps(program, steps.map(formatStep));
}

function formatStep(step: Step): string {
	switch (step.do) {
		case "declare":
			return `${formatDeclaration(step)} of ${step.id}`;
		case "add":
		case "drop":
			return `the program ${step.do}s ${step.id}`;
		case "wait":
			return `${step.hours} hours pass`;
		default:
			return formatCommand(step, formatOutsideChange);
	}
}

function formatOutsideChange(outside: Outside): string {
	const { what, id } = outside;
	return what === "change" ? `changes ${outside.knob} of ${id} to "${outside.value}"` : `${what}s ${id}`;
}
