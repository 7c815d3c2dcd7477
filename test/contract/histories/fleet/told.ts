import { commandTold, declarationTold, toldInLines } from "../told.ts";
import type { History, Outside, Step } from "./step.ts";

/** A history as a person reads it, a step a line. */
export function told({ program, steps }: History): string {
	return toldInLines(program, steps.map(stepTold));
}

function stepTold(step: Step): string {
	switch (step.do) {
		case "declare":
			return `${declarationTold(step)} of ${step.id}`;
		case "add":
		case "drop":
			return `the program ${step.do}s ${step.id}`;
		case "wait":
			return `${step.hours} hours pass`;
		default:
			return commandTold(step, outsideTold);
	}
}

function outsideTold(outside: Outside): string {
	const { what, id } = outside;
	return what === "change" ? `changes ${outside.knob} of ${id} to "${outside.value}"` : `${what}s ${id}`;
}
