import type { ResourceContext, RuntimeContext } from "../resource/context.ts";
import { createMemberHolder, type Holder } from "../resource/holder.ts";
import type { Target } from "../resource/resourceType.ts";
import type { CheckFailure, Field } from "../resource/schema.ts";
import type { Values } from "../values.ts";
import type { MessageLimits } from "./messageLimits.ts";

/** Outputs by name, with the letter under which state keeps each: `{ etag: "e" }`. `MemberState` lists the letters in use. */
export type StateFields = Readonly<Record<string, string>>;

/**
 * How many members are processed at a time. The timeout of a member starts when its turn comes, so a number above what the
 * service allows only makes members wait until they time out.
 */
export interface Concurrency {
	/** How many members are read at a time. */
	readonly reads: number;
	/** How many members are created, updated or deleted at a time: many if each takes minutes and few requests. */
	readonly writes: number;
}

/** What {@link FleetType.toResourceInputs} needs besides the member's own inputs. */
export interface MemberPlacement {
	/** The member's name in the fleet. */
	readonly memberName: string;
	readonly fleetInputs: Values;
	/** The scope of the member's parent; undefined if the member has no parent, `UNKNOWN` until the parent exists. */
	readonly parentScope: unknown;
}

/** The parents and children among members. */
export interface MemberHierarchy {
	/**
	 * The fleet input with the scopes of parents that are not members, by the names by which members declare them as their parents:
	 * `gateways`. It is one of the {@link FleetType.sharedFields}. While a scope is unknown, only the plan of the members below it is. Default:
	 * every parent is a member.
	 */
	readonly outsideProperty?: string;
	/** Returns the name of the member that must exist before this one. */
	getParentName(memberInputs: Values): string | undefined;
	/** Whether a member with these inputs can have children. */
	canHaveChildren(memberInputs: Values): boolean;
	/** Returns what the children of a member need from its outputs; undefined for a member that cannot have children. */
	getScope(outputs: Values): unknown;
}

/** A fleet input from which inputs of the members derive. */
export interface SharedField extends Pick<Field, "validate" | "secret"> {
	/** The dotted path of the input that a member has in its place. */
	readonly resourcePath?: string;
}

/**
 * A type of fleet: one resource whose members are objects of one resource type. A new fleet implements this interface, and the
 * `ResourceType` of its members; `createFleetProvider` turns it into a resource. All properties up to `getMemberAddress` are
 * required. Each of the others is for a capability that not every fleet has; omit it if the default is right.
 *
 * `test/unit/fleet/gadgetFleet.ts` is the smallest example with a hierarchy.
 */
export interface FleetType<Inputs extends object> {
	/** The name of the resource type in messages: `DeviceFleet`. */
	readonly title: string;
	/** The property that holds the members as a JSON string, and the plural noun for them in messages: `devices`. */
	readonly membersProperty: string;
	/** The noun for one member: `device`. */
	readonly memberNoun: string;
	/** The resource context of the members. */
	readonly memberContext: ResourceContext<Inputs>;
	/** Dotted paths that a member may not declare, because the fleet sets them. */
	readonly reservedPaths: readonly string[];
	/** The provider options that the fleet has and passes to its members: `adopt`. */
	readonly providerOptions: readonly string[];
	/** The outputs of a member that state keeps besides the declared values. */
	readonly stateFields: StateFields;
	/** How many members are processed at a time. */
	readonly concurrency: Concurrency;
	/**
	 * Returns the id and outputs that the service returns for a member, each with its maximum length. They determine before the
	 * first request whether state can hold the fleet.
	 *
	 * @param resourceInputs the inputs that the member would have as a resource of its own
	 */
	estimateLargestMember(resourceInputs: Values): Target;
	/** Returns the id of the fleet in Pulumi. */
	getId(fleetInputs: Values): string;
	/** Returns the inputs that identify a member by default: `{ deviceId, hubHostName }`. The member can declare others. */
	getMemberAddress(fleetInputs: Values, memberName: string): Values;

	/** The input with the location of the members: `hubHostName`. A change replaces the fleet. Default: there is only one location. */
	readonly locationProperty?: string;
	/**
	 * Fleet inputs from which {@link toResourceInputs} derives inputs of the members. State keeps them in the inputs only.
	 * Default: none.
	 */
	readonly sharedFields?: Readonly<Record<string, SharedField>>;
	/**
	 * The properties of a member that its resource has under other names, each with all of these: `parent`. Default: the names are the
	 * same.
	 */
	readonly resourcePaths?: Readonly<Record<string, readonly string[]>>;
	/** Rules about several fleet inputs. They are checked once instead of for every member. Default: none. */
	readonly validators?: readonly ((fleetInputs: Values) => readonly CheckFailure[])[];
	/** The hierarchy of the members, if they can have parents. Default: no member has a parent. */
	readonly hierarchy?: MemberHierarchy;
	/** The size of the messages that Pulumi can receive. Default: the limits of its SDK. */
	readonly messageLimits?: MessageLimits;
	/** Whether state keeps one of the {@link stateFields} for a member with these outputs. Default: it keeps all. */
	shouldKeepField?(field: string, outputs: Values): boolean;
	/** Returns outputs that follow from the {@link stateFields} of a member and that state does not keep. Default: none. */
	inferOutputs?(storedFields: Values): Values;
	/** Returns why the service does not accept this number of members; undefined if it does. Default: it accepts any number. */
	checkQuota?(count: number): string | undefined;
	/** Completes the fleet's inputs, for example with its hub. Default: they are complete. */
	normalizeInputs?(fleetInputs: Values): Values;
	/** Returns the inputs that a member would have as a resource of its own. Default: those that the fleet declares for it. */
	toResourceInputs?(memberInputs: Values, placement: MemberPlacement): Values;
	/** Begins a run on one fleet, if members leave temporary objects in the service until the run ends. Default: they leave none. */
	beginRun?(): RunScope<Inputs>;
}

/** A run on one fleet. Its members leave temporary objects, by which a later run recognizes them if this one is interrupted. */
export interface RunScope<Inputs extends object> {
	readonly memberContext: ResourceContext<Inputs>;
	/** Deletes the temporary objects. It is called once, after every member has succeeded or failed, and must not throw. */
	cleanup(): Promise<void>;
}

/** A fleet type with the holder of its members. */
export interface HeldFleetType<Inputs extends object> extends FleetType<Inputs> {
	readonly memberContext: ResourceContext<Inputs> & { readonly holder: Holder };
}

/** Returns the fleet type with this holder of its members. */
export function withHolder<Inputs extends object>(
	fleetType: FleetType<Inputs>,
	holder: Holder,
): HeldFleetType<Inputs> {
	return { ...fleetType, memberContext: { ...fleetType.memberContext, holder } };
}

/**
 * Returns the resource context of one member. If the service assigns ids, the member has a holder of its own, because two members
 * may turn out to be one object.
 */
export function getMemberContext<Context extends ResourceContext<Inputs>, Inputs extends object>(
	{ memberContext }: { readonly memberContext: Context & ResourceContext<Inputs> },
	memberName: string,
	values: Values,
): Context {
	const { holder, resourceType } = memberContext;
	if (holder === undefined || resourceType.getId(values as Inputs) !== "") return memberContext;
	return { ...memberContext, holder: createMemberHolder(holder, memberName) };
}

/** Returns the fleet type with parts of its members' runtime context replaced. */
export function withRuntime<Type extends { readonly memberContext: { readonly runtime: RuntimeContext } }>(
	fleetType: Type,
	replacements: Partial<RuntimeContext>,
): Type {
	const { memberContext } = fleetType;
	return {
		...fleetType,
		memberContext: { ...memberContext, runtime: { ...memberContext.runtime, ...replacements } },
	};
}

/** The steps of an update, each with the names of its members. */
export interface FleetPlan {
	/** Members to create: new members, and members that somebody deleted. */
	readonly added: readonly string[];
	readonly changed: readonly string[];
	/** Members to replace: the existing object is deleted before the new one is created. */
	readonly replaced: readonly string[];
	readonly removed: readonly string[];
	/** Members that leave the fleet but stay in the service, because another resource of the program holds or declares them. */
	readonly handedOver: readonly string[];
	/** Members whose name changes in state only: `old → new`. */
	readonly renamed: readonly string[];
	/** Scopes that differ from state, by the names of the parents; `UNKNOWN` for a parent that is still to be created. */
	readonly changedScopes: ReadonlyMap<string, unknown>;
	/** The changes of the {@link changed} members, by name: `status, statusReason`. Empty if only state changes. */
	readonly changeNotes: ReadonlyMap<string, string>;
	/** What {@link added} members get if they exist already and are adopted, by name: `gets a new secondary key`. */
	readonly adoptionNotes: ReadonlyMap<string, string>;
}

/** A plan that does nothing. */
export const EMPTY_PLAN: FleetPlan = {
	added: [],
	changed: [],
	replaced: [],
	removed: [],
	handedOver: [],
	renamed: [],
	changedScopes: new Map(),
	changeNotes: new Map(),
	adoptionNotes: new Map(),
};
