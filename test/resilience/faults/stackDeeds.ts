import { RECORD_OUTPUT } from "../../../provider/stateKeys.ts";
import {
	Killed,
	type Program,
	type Registration,
	type Stack,
	type UpOptions,
} from "../../contract/harness/stack.ts";
import type { StackField } from "./stackGround.ts";
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
	/**
	 * Whether objects are disabled instead of deleted. A replacement that fails between its halves can't tell afterwards that it was
	 * itself that disabled one: what is to be another object is adopted then.
	 */
	readonly disables?: true;
	/** The objects that are to be others in the end; all others are the same through all runs. */
	renewed?(field: StackField): readonly string[];
	/** What the run is refused with whatever happens, and what it is refused with once, for the next one sees better. */
	readonly refused?: RegExp;
	readonly refusedOnce?: RegExp;
	/** What the run may be refused with once: where a fleet takes objects for those of an interrupted run, it is not. */
	readonly maybeRefused?: RegExp;
	/** On which grounds it is done. Default: on those that all is done on. */
	readonly grounds?: "all" | "disabling";
}

const registerSingle = (name: string, inputs: Registration["inputs"]): Registration => ({
	name,
	type: "single",
	inputs,
});
const registerFleet = (name: string, inputs: Registration["inputs"]): Registration => ({
	name,
	type: "fleet",
	inputs,
});
const ADOPT = { adopt: true };

/** A record that holds the first object, or with it all others, gives way to others. */
const MOVES: readonly Pick<StackDeed, "name" | "before" | "after">[] = [
	{
		name: "a resource gets another name",
		before: (field) => [registerSingle("first", field.single(getLabels(field)[0]))],
		after: (field) => [registerSingle("second", field.single(getLabels(field)[0], ADOPT))],
	},
	{
		name: "resources move into a fleet",
		before: (field) => [
			registerSingle("one", field.single(getLabels(field)[0])),
			registerSingle("two", field.single(getLabels(field)[1])),
		],
		after: (field) => [registerFleet("all", field.fleet(getLabels(field).slice(0, 2), ADOPT))],
	},
	{
		name: "a fleet becomes resources",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field).slice(0, 2)))],
		after: (field) => [
			registerSingle("one", field.single(getLabels(field)[0], ADOPT)),
			registerSingle("two", field.single(getLabels(field)[1], ADOPT)),
		],
	},
	{
		name: "a fleet gets another name",
		before: (field) => [registerFleet("first", field.fleet(getLabels(field)))],
		after: (field) => [registerFleet("second", field.fleet(getLabels(field), ADOPT))],
	},
];

const declareOne = (field: StackField): Program => [registerSingle("one", field.single(getLabels(field)[0]))];
const declareAll = (field: StackField): Program => [registerFleet("all", field.fleet(getLabels(field)))];

/** What a plan says to a record that takes over what another one deletes before. */
const GIVEN_UP = /gives up \S+ and does not depend on/;
/** What a run says of what its own plan did not find. */
const BACK = /the plan of this run found none|exists already and was left as it is/;

/** Runs in which objects change hands, or are replaced. */
export const STACK_DEEDS: readonly StackDeed[] = [
	...MOVES.map((move) => ({ ...move, grounds: "all" as const })),
	...MOVES.filter(({ name }) => name.endsWith("another name")).map((move) => ({
		...move,
		name: `${move.name}, --continue-on-error`,
		options: () => ({ continueOnError: true }),
		again: { continueOnError: true },
	})),
	...MOVES.map((move) => ({
		...move,
		name: `${move.name}, deletions of a killed run`,
		async meanwhile({ stack }: StackScene, after: Program) {
			await killDuringUp(stack, after, `create ${after.at(-1)?.name}`);
		},
	})),
	...MOVES.map((move) => ({
		...move,
		name: `${move.name}, state of an earlier release`,
		meanwhile: async ({ stack }: StackScene) => removeRecords(stack),
	})),
	{
		name: "what is gone is created again, state of an earlier release",
		before: declareOne,
		after: declareOne,
		async meanwhile({ field, stack }) {
			removeRecords(stack);
			field.elsewhere.remove(getLabels(field)[0]);
		},
		renewed: (field) => [getLabels(field)[0]],
	},
	{
		name: "a resource gets another name without adopt, --continue-on-error",
		before: (field) => [registerSingle("first", field.single(getLabels(field)[0]))],
		after: (field) => [registerSingle("second", field.single(getLabels(field)[0]))],
		options: () => ({ continueOnError: true }),
		again: { continueOnError: true },
		refusedOnce: /exists already and was left as it is.*was not deleted: .* has not taken it over yet/s,
	},
	{
		name: "resources move into a fleet and back after a killed run",
		before: (field) => [registerSingle("one", field.single(getLabels(field)[0]))],
		after: (field) => [registerSingle("one", field.single(getLabels(field)[0]))],
		meanwhile: ({ stack, field }) =>
			killDuringUp(stack, [registerFleet("all", field.fleet([getLabels(field)[0]], ADOPT))], "create all"),
	},
	{
		name: "a member leaves its fleet for a resource that comes after it",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field)))],
		after: (field) => [
			registerFleet("all", field.fleet(getLabels(field).slice(1))),
			registerSingle("one", field.single(getLabels(field)[0], ADOPT)),
		],
		isPreviewed: true,
		refused: GIVEN_UP,
	},
	{
		name: "a member leaves its fleet for a fleet that comes after it",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field)))],
		after: (field) => [
			registerFleet("all", field.fleet(getLabels(field).slice(1))),
			registerFleet("new", field.fleet(getLabels(field).slice(0, 1), ADOPT)),
		],
		isPreviewed: true,
		refused: GIVEN_UP,
	},
	{
		name: "a member leaves its fleet for a resource that comes before it",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field)))],
		after: (field) => [
			registerSingle("one", field.single(getLabels(field)[0], ADOPT)),
			registerFleet("all", field.fleet(getLabels(field).slice(1))),
		],
		isPreviewed: true,
	},
	{
		name: "a member leaves its fleet for a fleet that comes before it",
		before: (field) => [
			registerFleet("new", field.fleet(getLabels(field).slice(1), ADOPT)),
			registerFleet("all", field.fleet(getLabels(field).slice(0, 1))),
		],
		after: (field) => [
			registerFleet("new", field.fleet(getLabels(field), ADOPT)),
			registerFleet("all", field.fleet([])),
		],
	},
	{
		name: "a resource is replaced by force",
		grounds: "all",
		before: declareOne,
		after: declareOne,
		options: () => ({ replace: ["one"] }),
		again: { replace: ["one"] },
		renewed: (field) => [getLabels(field)[0]],
	},
	{
		name: "a resource is replaced by force where objects are disabled",
		before: declareOne,
		after: declareOne,
		options: () => ({ replace: ["one"] }),
		again: { replace: ["one"] },
		renewed: (field) => [getLabels(field)[0]],
		disables: true,
		grounds: "disabling",
	},
	{
		name: "a fleet is replaced by force",
		before: declareAll,
		after: declareAll,
		options: () => ({ replace: ["all"] }),
		again: { replace: ["all"] },
		renewed: ({ labels }) => labels,
	},
	{
		name: "a fleet is replaced by force where objects are disabled",
		before: declareAll,
		after: declareAll,
		options: () => ({ replace: ["all"] }),
		again: { replace: ["all"] },
		renewed: ({ labels }) => labels,
		disables: true,
		grounds: "disabling",
	},
	{
		name: "a resource is replaced by force and to be created first",
		before: declareOne,
		after: (field) => declareOne(field).map((each) => ({ ...each, deleteBeforeReplace: false })),
		options: () => ({ replace: ["one"] }),
		again: { replace: ["one"] },
		// No time passes here: after a lost answer the old one is as young as what the request would have made.
		maybeRefused: /exists already and was left as it is/,
	},
	{
		name: "a fleet is replaced by force and to be created first",
		maybeRefused: BACK,
		before: declareAll,
		after: (field) => declareAll(field).map((each) => ({ ...each, deleteBeforeReplace: false })),
		options: () => ({ replace: ["all"] }),
		again: { replace: ["all"] },
	},
	{
		name: "a replacement by force of a run that was killed between its halves",
		grounds: "all",
		before: declareOne,
		after: declareOne,
		meanwhile: ({ stack }, after) => killDuringUp(stack, after, "delete one", { replace: ["one"] }),
		renewed: (field) => [getLabels(field)[0]],
	},
	{
		name: "a replacement by force of a fleet by a run that was killed between its halves",
		before: declareAll,
		after: declareAll,
		meanwhile: ({ stack }, after) => killDuringUp(stack, after, "delete all", { replace: ["all"] }),
		renewed: ({ labels }) => labels,
	},
	{
		name: "what is gone is made again by somebody else before a resource is recreated",
		before: declareOne,
		after: declareOne,
		meanwhile: async ({ field }) => field.elsewhere.remove(getLabels(field)[0]),
		options: recreateAfterPlan,
		renewed: (field) => [getLabels(field)[0]],
		refusedOnce: BACK,
	},
	{
		name: "what is gone is made again by somebody else before a fleet recreates it",
		before: declareAll,
		after: declareAll,
		meanwhile: async ({ field }) => field.elsewhere.remove(getLabels(field)[0]),
		options: recreateAfterPlan,
		renewed: (field) => [getLabels(field)[0]],
		maybeRefused: BACK,
	},
	{
		name: "what seemed to be gone is there before a resource is recreated",
		before: declareOne,
		after: declareOne,
		options: hideFromPlan,
		refusedOnce: BACK,
	},
	{
		name: "what seemed to be gone is there before a fleet recreates it",
		before: declareAll,
		after: declareAll,
		options: hideFromPlan,
		maybeRefused: BACK,
	},
];

/** Somebody makes the object anew when the plan has found none. */
function recreateAfterPlan({ field, due }: StackScene): UpOptions {
	const [label] = getLabels(field);
	return {
		planned() {
			field.elsewhere.make(label);
			for (const [each, identity] of field.identities()) if (each === label) due.set(label, identity);
		},
	};
}

/** The service has the object all the time, and does not show it to the plan. */
function hideFromPlan({ field, wire }: StackScene): UpOptions {
	wire.hide(...field.address(getLabels(field)[0]));
	return { planned: () => wire.show() };
}

/** Takes away what release 0.1.0 did not write: the mark that tells a record from another one of the same object. */
function removeRecords(stack: Stack): void {
	stack.entries = stack.entries.map((entry) => {
		const { [RECORD_OUTPUT]: _, ...outputs } = entry.state.outputs;
		return { ...entry, state: { ...entry.state, outputs } };
	});
}

/** The labels that every deed needs. */
function getLabels({ labels }: StackField): readonly [string, string, string] {
	const [one = "", two = "", three = ""] = labels;
	return [one, two, three];
}

async function killDuringUp(
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
