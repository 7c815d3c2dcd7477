import {
	type Command,
	formatCommand,
	formatDeclaration,
	formatSteps,
	type Loss,
	type Mishap as MishapOf,
} from "./steps.ts";

/** Something that somebody else does at the service. */
export type Outside =
	/** Sets one thing to a value; an empty text takes it away. */
	| { readonly what: "change"; readonly knob: string; readonly value: string }
	/** Writes the object as it is. */
	| { readonly what: "rewrite" }
	/** What a live object does all day. */
	| { readonly what: "live" }
	| { readonly what: "remove" }
	| { readonly what: "recreate" }
	/** Makes the object where there is none. */
	| { readonly what: "make" };

/** How one request of an operation comes to grief. */
export type Mishap = MishapOf<Loss>;

/** One step of a history. */
export type Step =
	/** The program declares a value from now on; undefined leaves it out. */
	| { readonly do: "declare"; readonly knob: string; readonly value?: string | undefined }
	| Command<Outside, Mishap>
	/** An hour passes. */
	| { readonly do: "wait" };

/** What a program declares, by knob. */
export type Program = Readonly<Record<string, string | undefined>>;

/** A program, and what happens to it and to its object. */
export interface History {
	readonly program: Program;
	readonly steps: readonly Step[];
}

/** A history as a person reads it, a step a line. */
export function formatHistory({ program, steps }: History): string {
	return formatSteps(program, steps.map(formatStep));
}

function formatStep(step: Step): string {
	if (step.do === "declare") return formatDeclaration(step);
	return step.do === "wait" ? "an hour passes" : formatCommand(step, formatOutsideChange);
}

function formatOutsideChange(outside: Outside): string {
	return outside.what === "change" ? `changes ${outside.knob} to "${outside.value}"` : `${outside.what}s it`;
}
