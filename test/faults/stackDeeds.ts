import {
	Killed,
	type Program,
	type Registration,
	type Stack,
	type UpOptions,
} from "../contract/engine/stack.ts";
import type { StackField, StackGround } from "./stackGround.ts";
import type { Wire } from "./wire.ts";

/** A service, the way to it, and a stack with several records. */
export interface StackScene {
	readonly wire: Wire;
	readonly field: StackField;
	readonly stack: Stack;
	/** What tells the objects from others that must be the same from now on. */
	readonly due: Map<string, string>;
}

/** A run of several records during which something may go wrong, and what is so when all is said and done. */
export interface StackDeed {
	readonly name: string;
	/** The program that was deployed before. */
	before(field: StackField): Program;
	/** The program of the run, and of every run after it. */
	after(field: StackField): Program;
	/** What happened since the deployment; nothing goes wrong with it. */
	meanwhile?(scene: StackScene, after: Program): Promise<void>;
	/** How the run is called. */
	options?(scene: StackScene): UpOptions;
	/** How the run after it is called; what it replaces is replaced only if the run failed. */
	readonly again?: Pick<UpOptions, "continueOnError" | "replace">;
	/** Whether the person looks at the plan first, as `pulumi up` does. */
	readonly isPreviewed?: true;
	/** Whether objects are disabled instead of deleted. */
	readonly disables?: true;
	/** The objects that are to be others in the end; all others are the same through all runs. */
	renewed?(field: StackField): readonly string[];
	/** What the run is refused with whatever happens, and what it is refused with once, for the next one sees better. */
	readonly refused?: RegExp;
	readonly refusedOnce?: RegExp;
	/** Whether the deed makes sense there. Default everywhere. */
	isFor?(ground: StackGround): boolean;
}

const single = (name: string, inputs: Registration["inputs"]): Registration => ({
	name,
	type: "single",
	inputs,
});
const fleet = (name: string, inputs: Registration["inputs"]): Registration => ({
	name,
	type: "fleet",
	inputs,
});
const ADOPT = { adopt: true };

/** A record that holds the first object, or with it all others, gives way to others. */
const MOVES: readonly Pick<StackDeed, "name" | "before" | "after">[] = [
	{
		name: "a resource gets another name",
		before: (field) => [single("first", field.single(labelsOf(field)[0]))],
		after: (field) => [single("second", field.single(labelsOf(field)[0], ADOPT))],
	},
	{
		name: "resources move into a fleet",
		before: (field) => [
			single("one", field.single(labelsOf(field)[0])),
			single("two", field.single(labelsOf(field)[1])),
		],
		after: (field) => [fleet("all", field.fleet(labelsOf(field).slice(0, 2), ADOPT))],
	},
	{
		name: "a fleet becomes resources",
		before: (field) => [fleet("all", field.fleet(labelsOf(field).slice(0, 2)))],
		after: (field) => [
			single("one", field.single(labelsOf(field)[0], ADOPT)),
			single("two", field.single(labelsOf(field)[1], ADOPT)),
		],
	},
	{
		name: "a fleet gets another name",
		before: (field) => [fleet("first", field.fleet(labelsOf(field)))],
		after: (field) => [fleet("second", field.fleet(labelsOf(field), ADOPT))],
	},
];

/** Runs in which objects change hands, or are replaced. */
export const STACK_DEEDS: readonly StackDeed[] = [
	...MOVES,
	...MOVES.map((move) => ({
		...move,
		name: `${move.name}, --continue-on-error`,
		options: () => ({ continueOnError: true }),
		again: { continueOnError: true },
	})),
	...MOVES.map((move) => ({
		...move,
		name: `${move.name}, deletions of a killed run`,
		async meanwhile({ stack }: StackScene, after: Program) {
			await killed(stack, after, `create ${after.at(-1)?.name}`);
		},
	})),
];

/** Both labels that every deed needs. */
function labelsOf({ labels }: StackField): readonly [string, string, string] {
	const [one = "", two = "", three = ""] = labels;
	return [one, two, three];
}

async function killed(
	stack: Stack,
	program: Program,
	killedAfter: string,
	options: UpOptions = {},
): Promise<void> {
	try {
		await stack.up(program, { ...options, killedAfter });
	} catch (error) {
		if (error instanceof Killed) return;
		throw error;
	}
	throw new TypeError(`There was no ${killedAfter}`);
}
