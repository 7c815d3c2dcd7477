import type { History, Mishap, Outside, Step } from "./step.ts";

/** A history as a person reads it, a step a line. */
export function told({ program, steps }: History): string {
	const lines = steps.map((step, at) => `  ${at + 1}. ${stepTold(step)}`);
	return [`  0. the program declares ${JSON.stringify(program)}`, ...lines].join("\n");
}

function stepTold(step: Step): string {
	switch (step.do) {
		case "declare":
			return `the program ${step.value === undefined ? `leaves out ${step.knob}` : `declares ${step.knob} = "${step.value}"`} of ${step.id}`;
		case "add":
		case "drop":
			return `the program ${step.do}s ${step.id}`;
		case "onDrift":
			return `the program sets onDrift to ${step.policy}`;
		case "outside":
			return `somebody ${outsideTold(step.outside)}`;
		case "wait":
			return `${step.hours} hours pass`;
		case "preview":
			return "preview";
		case "up":
			return [
				`up${step.refresh ? " --refresh" : ""}${step.adopt ? ", adopting" : ""}`,
				...(step.between ? [`after the plan somebody ${outsideTold(step.between)}`] : []),
				...mishapTold(step.mishap),
			].join("; ");
		default:
			return [step.do, ...mishapTold(step.mishap)].join("; ");
	}
}

function outsideTold(outside: Outside): string {
	const { what, id } = outside;
	return what === "change" ? `changes ${outside.knob} of ${id} to "${outside.value}"` : `${what}s ${id}`;
}

function mishapTold(mishap: Mishap | undefined): string[] {
	if (mishap === undefined) return [];
	const { kind, at, times } = mishap;
	return [`request ${at}${times > 1 ? ` and ${times - 1} after it` : ""}: ${kind}`];
}
