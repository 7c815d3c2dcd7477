import type { Fault, Field, Target, Values } from "../lifecycle/kind.ts";
import type { Life } from "../lifecycle/life.ts";
import type { Capacity } from "./capacity.ts";

/** Outputs by name, and the letter under which state keeps each: `{ etag: "e" }`. */
export type Facts = Readonly<Record<string, string>>;

/**
 * How many members are worked on at a time. The time that each may take begins when its turn comes, so whatever is wider
 * than the service is fast only waits there at its own expense.
 */
export interface Width {
	/** That are looked at. */
	readonly looks: number;
	/** That are made, changed, replaced or removed: many where each takes minutes and costs little meanwhile. */
	readonly writes: number;
}

/** Everything that a fleet must know of its members, besides what the lifecycle of one of them knows. */
export interface FleetKind<Inputs extends object> {
	/** The resource's type as users read it: `DeviceFleet`. */
	readonly title: string;
	/** The property that holds the members' text, and what they are called: `devices`. */
	readonly members: string;
	/** What one of them is called: `device`. */
	readonly member: string;
	/** The input that says where the members are: `hubHostName`. Another one replaces the fleet. Absent where there is but one place. */
	readonly place?: string;
	/** Dotted paths of what only the fleet gives its members. */
	readonly reserved: readonly string[];
	/** The life of a single member. */
	readonly life: Life<Inputs>;
	/** The inputs of the fleet besides its members, and what they may be. */
	readonly policies: readonly string[];
	/** Inputs of the fleet from which its members' are made, {@link inputsOf}; state has them among the inputs only. */
	readonly common: Readonly<Record<string, Pick<Field, "rule" | "secret">>>;
	/** Rules that look at several of these at once, told once and not for every member. Default: none. */
	readonly rules?: readonly ((fleet: Values) => readonly Fault[])[];
	/** What of a member's outputs state keeps besides what is declared. */
	readonly facts: Facts;
	/** Whether a fact is worth keeping for a member with these outputs. */
	keeps(fact: string, outputs: Values): boolean;
	/**
	 * A member as the service may answer it at most: the id and the facts that it makes, as long as they can be.
	 *
	 * @param inputs the member's inputs, as a resource of its own would have them
	 */
	expected(inputs: Values): Target;
	/** How much Pulumi can be told of a fleet at once. Default: what its SDK can send. */
	readonly capacity?: Capacity;
	/** Why there can't be so many members; undefined where there can. Default: any number will do. */
	readonly quotaFault?: (count: number) => string | undefined;
	/** How many members are worked on at a time. */
	readonly width: Width;
	/** Completes the fleet's own inputs: its hub. */
	complete(inputs: Values): Values;
	/** Under which id Pulumi keeps the fleet. */
	id(inputs: Values): string;
	/** What addresses a member that does not say otherwise: `{ deviceId, hubHostName }`. */
	address(fleet: Values, id: string): Values;
	/** The member that must be there before this one, as it is declared. */
	parentOf(declared: Values): string | undefined;
	/** Whether a member can have children, as it is declared. */
	bears(declared: Values): boolean;
	/**
	 * The inputs of a member as a resource of its own would have them.
	 *
	 * @param around the member's id, the fleet's inputs, and the scope of the member's parent where it has one
	 */
	inputsOf(declared: Values, around: { id: string; fleet: Values; scope: unknown }): Values;
	/** What the children of a member must be told of it. */
	scopeOf(outputs: Values): unknown;
	/** The life of the members in one run on one fleet, where they leave anything behind. Default: they leave nothing. */
	ofOneRun?(): OneRun<Inputs>;
}

/** One run on one fleet, whose members leave behind what it would be known by if it were interrupted. */
export interface OneRun<Inputs extends object> {
	readonly life: Life<Inputs>;
	/** Takes away what they left. It is called when all members were dealt with, whatever became of them, and must not throw. */
	tidyUp(): Promise<void>;
}

/** What is to be done, by id. */
export interface Plan {
	/** Members to be made: new ones, and those that somebody deleted. */
	readonly added: readonly string[];
	readonly changed: readonly string[];
	/** Members that are to be another object from now on: the one that is there goes before that one is made. */
	readonly replaced: readonly string[];
	readonly removed: readonly string[];
	/** Members that leave the fleet and stay in the service, for another resource of the program has them or takes them. */
	readonly handedOver: readonly string[];
	/** Members that get another name in state and nowhere else: `old → new`. */
	readonly renamed: readonly string[];
	/** Scopes that are not as state has them, by the ids of the parents; of what is to be made nobody knows it yet. */
	readonly scopes: ReadonlyMap<string, unknown>;
	/** How many of those to be changed get other credentials. */
	readonly rekeyed: number;
}
