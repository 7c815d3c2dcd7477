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
	/** What distinguishes each object from a recreated one; it must stay the same from now on. */
	readonly due: Map<string, string>;
}

/** A run of several records during which a fault may occur, and the expected result once everything has settled. */
export interface StackDeed {
	readonly name: string;
	/** The program of the previous deployment. */
	before(field: StackField): Program;
	/** The program of the run and of all later runs. */
	after(field: StackField): Program;
	/** Changes made since the deployment. No fault occurs during them. */
	meanwhile?(scene: StackScene, after: Program): Promise<void>;
	/** The options of the run. */
	options?(scene: StackScene): UpOptions;
	/** The options of the next run. A replacement is requested again only if the run failed. */
	readonly again?: Pick<UpOptions, "continueOnError" | "replace">;
	/** Whether the user previews the run first, as `pulumi up` does. */
	readonly isPreviewed?: true;
	/**
	 * Whether objects are disabled instead of deleted. A replacement that failed halfway cannot tell later that it
	 * disabled the object itself, so the object is then adopted.
	 */
	readonly disables?: true;
	/** The objects that must be replaced in the end. All others must stay the same through all runs. */
	renewed?(field: StackField): readonly string[];
	/**
	 * The error that rejects every run, and the error that rejects only the first one because the next one knows more.
	 */
	readonly refused?: RegExp;
	readonly refusedOnce?: RegExp;
	/**
	 * The error that may reject the first run; a fleet that recognizes objects of an interrupted run is not rejected.
	 */
	readonly maybeRefused?: RegExp;
	/** The grounds on which the run is played. Default: the grounds of all runs. */
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

/** Programs in which the first object, or all others with it, move to another record. */
const MOVES: readonly Pick<StackDeed, "name" | "before" | "after">[] = [
	{
		name: "a resource is renamed",
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
		name: "a fleet becomes single resources",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field).slice(0, 2)))],
		after: (field) => [
			registerSingle("one", field.single(getLabels(field)[0], ADOPT)),
			registerSingle("two", field.single(getLabels(field)[1], ADOPT)),
		],
	},
	{
		name: "a fleet is renamed",
		before: (field) => [registerFleet("first", field.fleet(getLabels(field)))],
		after: (field) => [registerFleet("second", field.fleet(getLabels(field), ADOPT))],
	},
];

const declareOne = (field: StackField): Program => [registerSingle("one", field.single(getLabels(field)[0]))];
const declareAll = (field: StackField): Program => [registerFleet("all", field.fleet(getLabels(field)))];

/** The plan's message about a record that takes over an object which another record deletes before. */
const GIVEN_UP = /gives up \S+ and does not depend on/;
/** The run's message about an object that its plan did not find. */
const BACK = /the plan of this run found none|exists already and was left as it is/;

/** Runs in which objects move between records or are replaced. */
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
		name: "a deleted object is created again, state of an earlier release",
		before: declareOne,
		after: declareOne,
		async meanwhile({ field, stack }) {
			removeRecords(stack);
			field.elsewhere.remove(getLabels(field)[0]);
		},
		renewed: (field) => [getLabels(field)[0]],
	},
	{
		name: "a resource is renamed without adopt, --continue-on-error",
		before: (field) => [registerSingle("first", field.single(getLabels(field)[0]))],
		after: (field) => [registerSingle("second", field.single(getLabels(field)[0]))],
		options: () => ({ continueOnError: true }),
		again: { continueOnError: true },
		refusedOnce: /exists already and was left as it is.*was not deleted: .* has not taken it over yet/s,
	},
	{
		name: "resources move into a fleet and back after a run was killed",
		before: (field) => [registerSingle("one", field.single(getLabels(field)[0]))],
		after: (field) => [registerSingle("one", field.single(getLabels(field)[0]))],
		meanwhile: ({ stack, field }) =>
			killDuringUp(stack, [registerFleet("all", field.fleet([getLabels(field)[0]], ADOPT))], "create all"),
	},
	{
		name: "a member moves from its fleet to a later resource",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field)))],
		after: (field) => [
			registerFleet("all", field.fleet(getLabels(field).slice(1))),
			registerSingle("one", field.single(getLabels(field)[0], ADOPT)),
		],
		isPreviewed: true,
		refused: GIVEN_UP,
	},
	{
		name: "a member moves from its fleet to a later fleet",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field)))],
		after: (field) => [
			registerFleet("all", field.fleet(getLabels(field).slice(1))),
			registerFleet("new", field.fleet(getLabels(field).slice(0, 1), ADOPT)),
		],
		isPreviewed: true,
		refused: GIVEN_UP,
	},
	{
		name: "a member moves from its fleet to an earlier resource",
		before: (field) => [registerFleet("all", field.fleet(getLabels(field)))],
		after: (field) => [
			registerSingle("one", field.single(getLabels(field)[0], ADOPT)),
			registerFleet("all", field.fleet(getLabels(field).slice(1))),
		],
		isPreviewed: true,
	},
	{
		name: "a member moves from its fleet to an earlier fleet",
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
		name: "a resource is replaced with --replace",
		grounds: "all",
		before: declareOne,
		after: declareOne,
		options: () => ({ replace: ["one"] }),
		again: { replace: ["one"] },
		renewed: (field) => [getLabels(field)[0]],
	},
	{
		name: "a resource is replaced with --replace and disabled instead of deleted",
		before: declareOne,
		after: declareOne,
		options: () => ({ replace: ["one"] }),
		again: { replace: ["one"] },
		renewed: (field) => [getLabels(field)[0]],
		disables: true,
		grounds: "disabling",
	},
	{
		name: "a fleet is replaced with --replace",
		before: declareAll,
		after: declareAll,
		options: () => ({ replace: ["all"] }),
		again: { replace: ["all"] },
		renewed: ({ labels }) => labels,
	},
	{
		name: "a fleet is replaced with --replace and disabled instead of deleted",
		before: declareAll,
		after: declareAll,
		options: () => ({ replace: ["all"] }),
		again: { replace: ["all"] },
		renewed: ({ labels }) => labels,
		disables: true,
		grounds: "disabling",
	},
	{
		name: "a resource is replaced with --replace and created before the deletion",
		before: declareOne,
		after: (field) => declareOne(field).map((each) => ({ ...each, deleteBeforeReplace: false })),
		options: () => ({ replace: ["one"] }),
		again: { replace: ["one"] },
		// No time passes here: after a lost response the old object is as young as the one that the request would have
		// created.
		maybeRefused: /exists already and was left as it is/,
	},
	{
		name: "a fleet is replaced with --replace and created before the deletion",
		maybeRefused: BACK,
		before: declareAll,
		after: (field) => declareAll(field).map((each) => ({ ...each, deleteBeforeReplace: false })),
		options: () => ({ replace: ["all"] }),
		again: { replace: ["all"] },
	},
	{
		name: "a replacement with --replace was killed halfway",
		grounds: "all",
		before: declareOne,
		after: declareOne,
		meanwhile: ({ stack }, after) => killDuringUp(stack, after, "delete one", { replace: ["one"] }),
		renewed: (field) => [getLabels(field)[0]],
	},
	{
		name: "a replacement of a fleet with --replace was killed halfway",
		before: declareAll,
		after: declareAll,
		meanwhile: ({ stack }, after) => killDuringUp(stack, after, "delete all", { replace: ["all"] }),
		renewed: ({ labels }) => labels,
	},
	{
		name: "somebody else recreates a deleted object before its resource does",
		before: declareOne,
		after: declareOne,
		meanwhile: async ({ field }) => field.elsewhere.remove(getLabels(field)[0]),
		options: recreateAfterPlan,
		renewed: (field) => [getLabels(field)[0]],
		refusedOnce: BACK,
	},
	{
		name: "somebody else recreates a deleted object before its fleet does",
		before: declareAll,
		after: declareAll,
		meanwhile: async ({ field }) => field.elsewhere.remove(getLabels(field)[0]),
		options: recreateAfterPlan,
		renewed: (field) => [getLabels(field)[0]],
		maybeRefused: BACK,
	},
	{
		name: "an object that the plan did not find exists before its resource recreates it",
		before: declareOne,
		after: declareOne,
		options: hideFromPlan,
		refusedOnce: BACK,
	},
	{
		name: "an object that the plan did not find exists before its fleet recreates it",
		before: declareAll,
		after: declareAll,
		options: hideFromPlan,
		maybeRefused: BACK,
	},
];

/** Recreates the object as soon as the plan has found it missing. */
function recreateAfterPlan({ field, due }: StackScene): UpOptions {
	const [label] = getLabels(field);
	return {
		planned() {
			field.elsewhere.make(label);
			for (const [each, identity] of field.identities()) if (each === label) due.set(label, identity);
		},
	};
}

/** Hides the object from the plan, although the service has it all the time. */
function hideFromPlan({ field, wire }: StackScene): UpOptions {
	wire.hide(...field.address(getLabels(field)[0]));
	return { planned: () => wire.show() };
}

/** Removes what release 0.1.0 did not write: the mark that distinguishes records of the same object. */
function removeRecords(stack: Stack): void {
	stack.entries = stack.entries.map((entry) => {
		const { [RECORD_OUTPUT]: _, ...outputs } = entry.state.outputs;
		return { ...entry, state: { ...entry.state, outputs } };
	});
}

/** Returns the three labels that every run needs. */
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
	throw new TypeError(`${killedAfter} did not occur`);
}
