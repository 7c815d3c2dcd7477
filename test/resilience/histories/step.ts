import {
	type Command,
	formatCommand,
	formatDeclaration,
	formatSteps,
	type Loss,
	type Mishap as MishapOf,
} from "./steps.ts";

/** A change at the service by somebody else. */
export type Outside =
	/** Sets one property; an empty string unsets it. */
	| { readonly what: "change"; readonly knob: string; readonly value: string }
	/** Writes the object unchanged. */
	| { readonly what: "rewrite" }
	/** Changes what a live object changes itself. */
	| { readonly what: "live" }
	| { readonly what: "remove" }
	| { readonly what: "recreate" }
	/** Creates the object if it does not exist. */
	| { readonly what: "make" };

/** A fault in one request of an operation. */
export type Mishap = MishapOf<Loss>;

/** One step of a history. */
export type Step =
	/** The program declares a value from now on; undefined leaves it out. */
	| { readonly do: "declare"; readonly knob: string; readonly value?: string | undefined }
	| Command<Outside, Mishap>
	/** An hour passes. */
	| { readonly do: "wait" }
	/** Somebody runs a command with a sign-in to another tenant. */
	| { readonly do: "elsewhere"; readonly command: ForeignCommand }
	/** From now on, tokens say which tenant they are of, or not. */
	| { readonly do: "tokens"; readonly areOpaque: boolean };

/** A command that is run in another tenant. */
export type ForeignCommand = "preview" | "up" | "refresh" | "destroy" | "inspect";

/** The declared values, by knob. */
export type Program = Readonly<Record<string, string | undefined>>;

/** A program, and what happens to it and to its object. */
export interface History {
	readonly program: Program;
	/** By how many milliseconds lists lag behind what they list. Default: 0. */
	readonly lag?: number | undefined;
	/** The name of the service's behaviour. Default: the usual one. */
	readonly world?: string | undefined;
	/** The properties that the option `ignoreChanges` names throughout. Default: none. */
	readonly ignored?: readonly string[] | undefined;
	readonly steps: readonly Step[];
}

/** Formats a history with one step on each line. */
export function formatHistory({ program, ignored = [], lag, world, steps }: History): string {
	const behaving = world === undefined ? "" : `${world}\n`;
	const lagging = lag === undefined ? "" : `lists lag by ${lag / 1_000} s\n`;
	const ignoring = ignored.length === 0 ? "" : `  ignoring ${ignored.join(", ")}\n`;
	return `${behaving}${lagging}${ignoring}${formatSteps(program, steps.map(formatStep))}`;
}

function formatStep(step: Step): string {
	if (step.do === "declare") return formatDeclaration(step);
	if (step.do === "elsewhere") return `${step.command}, signed in to another tenant`;
	if (step.do === "tokens") return `tokens ${step.areOpaque ? "are opaque" : "name their tenant"}`;
	return step.do === "wait" ? "an hour passes" : formatCommand(step, formatOutsideChange);
}

function formatOutsideChange(outside: Outside): string {
	return outside.what === "change" ? `changes ${outside.knob} to "${outside.value}"` : `${outside.what}s it`;
}
