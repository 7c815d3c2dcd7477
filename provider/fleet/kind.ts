import type { Values } from "../lifecycle/kind.ts";
import type { Life } from "../lifecycle/life.ts";

/** Outputs by name, and the letter under which state keeps each: `{ etag: "e" }`. */
export type Facts = Readonly<Record<string, string>>;

/** Everything that a fleet must know of its members, besides what the lifecycle of one of them knows. */
export interface FleetKind<Inputs extends object> {
	/** The resource's type as users read it: `DeviceFleet`. */
	readonly title: string;
	/** The property that holds the members' text, and what they are called: `devices`. */
	readonly members: string;
	/** What one of them is called: `device`. */
	readonly member: string;
	/** The input that says where the members are: `hubHostName`. Another one replaces the fleet. */
	readonly place: string;
	/** Properties that only the fleet gives its members. */
	readonly reserved: readonly string[];
	/** The life of a single member. */
	readonly life: Life<Inputs>;
	/** The inputs of the fleet besides its members, and what they may be. */
	readonly policies: readonly string[];
	/** What of a member's outputs state keeps besides what is declared. */
	readonly facts: Facts;
	/** Whether a fact is worth keeping for a member with these outputs. */
	keeps(fact: string, outputs: Values): boolean;
	/** Why there can't be so many members; undefined where there can. Default: any number will do. */
	readonly quotaFault?: (count: number) => string | undefined;
	/** How many members are worked on at a time. */
	readonly width: number;
	/** Completes the fleet's own inputs: its hub. */
	complete(inputs: Values): Values;
	/** Under which id Pulumi keeps the fleet. */
	id(inputs: Values): string;
	/** What addresses a member: `{ deviceId, hubHostName }`. */
	address(fleet: Values, id: string): Values;
	/** The member that must be there before this one, as it is declared. */
	parentOf(declared: Values): string | undefined;
	/** Whether a member can have children, as it is declared. */
	bears(declared: Values): boolean;
	/** The inputs of a member as a resource of its own would have them; the scope of its parent where it has one. */
	inputsOf(declared: Values, scope: unknown): Values;
	/** What the children of a member must be told of it. */
	scopeOf(outputs: Values): unknown;
}

/** What is to be done, by id. */
export interface Plan {
	/** Members to be made: new ones, and those that somebody deleted. */
	readonly added: readonly string[];
	readonly changed: readonly string[];
	readonly removed: readonly string[];
	/** Scopes that are not as state has them, by the ids of the parents; of what is to be made nobody knows it yet. */
	readonly scopes: ReadonlyMap<string, unknown>;
}
