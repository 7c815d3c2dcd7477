import type { ResourceContext } from "../resource/context.ts";
import type { Target } from "../resource/resourceType.ts";
import type { CheckFailure, Field } from "../resource/schema.ts";
import type { Values } from "../values.ts";
import type { MessageLimits } from "./messageLimits.ts";

/** Outputs by name, and the letter under which state keeps each: `{ etag: "e" }`. */
export type StateFields = Readonly<Record<string, string>>;

/**
 * How many members are worked on at a time. The time that each may take begins when its turn comes, so whatever is wider
 * than the service is fast only waits there at its own expense.
 */
export interface Concurrency {
	/** That are looked at. */
	readonly reads: number;
	/** That are made, changed, replaced or removed: many where each takes minutes and costs little meanwhile. */
	readonly writes: number;
}

/** Everything that a fleet must know of its members, besides what the lifecycle of one of them knows. */
export interface FleetType<Inputs extends object> {
	/** The resource's type as users read it: `DeviceFleet`. */
	readonly title: string;
	/** The property that holds the members' text, and what they are called: `devices`. */
	readonly membersProperty: string;
	/** What one of them is called: `device`. */
	readonly memberNoun: string;
	/** The input that says where the members are: `hubHostName`. Another one replaces the fleet. Absent where there is but one place. */
	readonly locationProperty?: string;
	/** Dotted paths of what only the fleet gives its members. */
	readonly reservedPaths: readonly string[];
	/** The life of a single member. */
	readonly memberContext: ResourceContext<Inputs>;
	/** The inputs of the fleet besides its members, and what they may be. */
	readonly providerOptions: readonly string[];
	/** Inputs of the fleet from which its members' are made, {@link toResourceInputs}; state has them among the inputs only. */
	readonly sharedFields: Readonly<Record<string, Pick<Field, "validate" | "secret">>>;
	/** Rules that look at several of these at once, told once and not for every member. Default: none. */
	readonly validators?: readonly ((fleetInputs: Values) => readonly CheckFailure[])[];
	/** What of a member's outputs state keeps besides what is declared. */
	readonly stateFields: StateFields;
	/** Whether a fact is worth keeping for a member with these outputs. */
	shouldKeepField(field: string, outputs: Values): boolean;
	/**
	 * A member as the service may answer it at most: the id and the facts that it makes, as long as they can be.
	 *
	 * @param inputs the member's inputs, as a resource of its own would have them
	 */
	estimateLargestMember(inputs: Values): Target;
	/** How much Pulumi can be told of a fleet at once. Default: what its SDK can send. */
	readonly messageLimits?: MessageLimits;
	/** Why there can't be so many members; undefined where there can. Default: any number will do. */
	readonly checkQuota?: (count: number) => string | undefined;
	/** How many members are worked on at a time. */
	readonly concurrency: Concurrency;
	/** Completes the fleet's own inputs: its hub. */
	normalizeInputs(inputs: Values): Values;
	/** Under which id Pulumi keeps the fleet. */
	getId(inputs: Values): string;
	/** What addresses a member that does not say otherwise: `{ deviceId, hubHostName }`. */
	getMemberAddress(fleetInputs: Values, memberName: string): Values;
	/** The member that must be there before this one, as it is declared. */
	getParentName(memberInputs: Values): string | undefined;
	/** Whether a member can have children, as it is declared. */
	canHaveChildren(memberInputs: Values): boolean;
	/**
	 * The inputs of a member as a resource of its own would have them.
	 *
	 * @param member the member's id, the fleet's inputs, and the scope of the member's parent where it has one
	 */
	toResourceInputs(memberInputs: Values, member: { id: string; fleet: Values; scope: unknown }): Values;
	/** What the children of a member must be told of it. */
	getScope(outputs: Values): unknown;
	/** The life of the members in one run on one fleet, where they leave anything behind. Default: they leave nothing. */
	beginRun?(): RunScope<Inputs>;
}

/** One run on one fleet, whose members leave behind what it would be known by if it were interrupted. */
export interface RunScope<Inputs extends object> {
	readonly memberContext: ResourceContext<Inputs>;
	/** Takes away what they left. It is called when all members were dealt with, whatever became of them, and must not throw. */
	cleanup(): Promise<void>;
}

/** What is to be done, by id. */
export interface FleetPlan {
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
	readonly rekeyedCount: number;
}
