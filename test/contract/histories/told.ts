import type { Command, Mishap } from "./steps.ts";

/** A history as a person reads it, a step a line. */
export function formatSteps(program: object, steps: readonly string[]): string {
	const lines = steps.map((step, at) => `  ${at + 1}. ${step}`);
	return [`  0. the program declares ${JSON.stringify(program)}`, ...lines].join("\n");
}

/** A step by which a program declares something from now on, or leaves it out. */
export function formatDeclaration({ knob, value }: { knob: string; value?: string | undefined }): string {
	return `the program ${value === undefined ? `leaves out ${knob}` : `declares ${knob} = "${value}"`}`;
}

/** A step that every history knows. */
export function formatCommand<Outside>(
	step: Command<Outside>,
	outsideTold: (outside: Outside) => string,
): string {
	switch (step.do) {
		case "onDrift":
			return `the program sets onDrift to ${step.policy}`;
		case "outside":
			return `somebody ${outsideTold(step.outside)}`;
		case "preview":
			return "preview";
		case "up":
			return [
				`up${step.refresh ? " --refresh" : ""}${step.adopt ? ", adopting" : ""}`,
				...(step.between ? [`after the plan somebody ${outsideTold(step.between)}`] : []),
				...formatMishap(step.mishap),
			].join("; ");
		default:
			return [step.do, ...formatMishap(step.mishap)].join("; ");
	}
}

/** How a request comes to grief, in words; none where all goes well. */
export function formatMishap(mishap: Mishap | undefined): string[] {
	if (mishap === undefined) return [];
	const { kind, at, times = 1 } = mishap;
	return [`request ${at}${times > 1 ? ` and ${times - 1} after it` : ""}: ${kind}`];
}
