import { type Command, formatCommand, formatDeclaration, formatSteps } from "../steps.ts";

/** The declarable properties of a device and their values; an empty string unsets the property, as far as possible. */
export const KNOBS = {
	status: ["enabled", "disabled"],
	statusReason: ["", "idle", "busy"],
	keys: ["a", "b"],
	edge: ["", "true"],
	parent: ["", "north", "south", "one"],
} as const;

/** The name of a declarable property. */
export type Knob = keyof typeof KNOBS;

/** All device ids that histories use. */
export const IDS = ["north", "south", "one", "two", "three"] as const;

/** A change by somebody else to one device. */
export type Outside = { readonly id: string } & (
	| { readonly what: "change"; readonly knob: Knob; readonly value: string }
	/**
	 * Writes the device unchanged; changes what a device changes itself; gives it new keys; creates one that looks like
	 * ours; and so on.
	 */
	| { readonly what: "rewrite" | "live" | "rotate" | "remove" | "recreate" | "make" | "imitate" }
);

/** One step of a history. */
export type Step =
	/** The program declares a value of a device from now on, or no longer. */
	| { readonly do: "declare"; readonly id: string; readonly knob: Knob; readonly value?: string | undefined }
	| { readonly do: "add"; readonly id: string }
	| { readonly do: "drop"; readonly id: string }
	| Command<Outside>
	/** Hours pass. */
	| { readonly do: "wait"; readonly hours: number };

/** The declaration of one device. */
export type Device = { readonly [Name in Knob]?: string | undefined };

/** The declared devices, by id. */
export type Program = Readonly<Record<string, Device>>;

/** A program, and what happens to it and to the hub. */
export interface History {
	readonly program: Program;
	readonly steps: readonly Step[];
}

/**
 * Returns the program without invalid parents: a parent must be a gateway, and circles are not allowed. A device with a
 * parent declares whether it is a gateway, because a leaf has its parent in another property.
 */
export function normalizeProgram(program: Program): Program {
	return Object.fromEntries(
		Object.entries(program).map(([id, { parent, ...device }]) => [
			id,
			parent && canHaveParent(program, id, parent) ? { ...device, edge: device.edge ?? "", parent } : device,
		]),
	);
}

function canHaveParent(program: Program, id: string, parent: string): boolean {
	const above = new Set([id]);
	for (let at: string | undefined = parent; at; at = program[at]?.parent) {
		if (above.has(at)) return false;
		above.add(at);
	}
	return program[parent]?.edge === "true";
}

/** Formats a history with one step on each line. */
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
