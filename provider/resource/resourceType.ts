import type { Values } from "../values.ts";
import type { CheckFailure, Schema } from "./schema.ts";

/** An object as the service has it at one moment. */
export interface LiveObject<Inputs> {
	/** The object's id, where the service chooses it. */
	readonly id?: string;
	/** Changes whenever anybody writes the object. */
	readonly etag: string;
	/** Tells the object from a later one under the same id: IoT Hub's `generationId`. */
	readonly uid: string;
	/** Milliseconds since the service made the object, on the service's own clock; absent when it doesn't tell. */
	readonly ageMs?: number;
	/** What the inputs would be if the object had been declared as it is, secrets included. */
	readonly values: Partial<Inputs>;
	/** Facts that are no inputs, for outputs. */
	readonly computed: Values;
}

/** Which object is meant: its id and the properties that hold its address. */
export interface Target {
	readonly id: string;
	readonly values: Values;
}

/** How recent an answer must be. */
export type Consistency = "strong" | "eventual";

/**
 * What a service must be able to do for a resource to have a life. Every method answers with what is so, or throws:
 * the classes of `outcome.ts` are told apart by the lifecycle, everything else ends the operation.
 */
export interface ResourceApi<Inputs> {
	/** Reads the object; undefined only when the service said that it does not exist. */
	get(target: Target): Promise<LiveObject<Inputs> | undefined>;
	/**
	 * The cheapest way to learn whether the object still has this etag; reads it where it has another one.
	 *
	 * @param consistency `strong`, or `eventual` where a list that lags some seconds will do
	 */
	getIfChanged(
		target: Target,
		etag: string,
		consistency: Consistency,
	): Promise<LiveObject<Inputs> | "unchanged" | undefined>;
	/** The id of a later object that stands for the same thing under an id of its own, where one of that id is gone. */
	findReplacement?(target: Target): Promise<string | undefined>;
	/** Makes the object, and only makes it: one that exists is never touched. */
	create(desired: Inputs): Promise<LiveObject<Inputs>>;
	/** Replaces the object as `base` knew it, under `base`'s etag. */
	update(desired: Inputs, base: LiveObject<Inputs>): Promise<LiveObject<Inputs>>;
	/** Deletes the object under this etag; one that does not exist counts as deleted. */
	delete(target: Target, etag: string): Promise<void>;
	/** Whether an object that is still there is as `remove` leaves it; never where the method is missing. */
	countsAsDeleted?(live: LiveObject<Inputs>): boolean;
	/** Deletes under this etag an object that `remove` would leave behind; absent where it leaves none. */
	purge?(target: Target, etag: string): Promise<void>;
	/** Takes away what is left in the service of an object that is gone; absent where nothing is. */
	cleanUp?(target: Target): Promise<void>;
}

/** What messages say of one kind of resource where no words fit all kinds. */
export interface ResourceMessages<Inputs> {
	/** What to do with an object that is in the way and is not to be adopted, as the end of a sentence. */
	readonly conflictAdvice: string;
	/** What is new about an object that was deleted and created again, as the end of a sentence. */
	readonly recreatedNote: string;
	/** What was done to an object of which just these paths differ: `was moved to another parent`. */
	describeChange(paths: readonly string[]): string;
	/** What a refresh is to say of what nobody declares: rotated keys; undefined for nothing. */
	formatRefreshNote(live: LiveObject<Inputs>, outputs: Values): string | undefined;
}

/** What is to be done of what inputs ask to be done once. */
export type OneTimeAction =
	/** It is still to be done: the whole object after it. */
	| { readonly step: "do"; readonly desired: Values }
	/** The object itself proves that it was done, by a run that ended before state was written. */
	| { readonly step: "done" }
	/** Nobody can tell whether it was done, so it is not; why, and what to do, as the end of a sentence. */
	| { readonly step: "unprovable"; readonly reason: string };

/** What inputs may ask to be done once, beside what is kept as declared: rotated keys. */
export interface OneTimeActions<Inputs> {
	/** Whether they ask for what was not done yet. */
	isPending(outputs: Values, inputs: Values): boolean;
	/** What will be done, as the end of a sentence: `gets a new secondary key`. */
	describe(inputs: Values): string;
	/** Decides what is to be done to an object. */
	plan(
		desired: Values,
		current: { live: LiveObject<Inputs>; inputs: Values; outputs: Values },
	): OneTimeAction;
	/**
	 * Outputs that remember what was done, once it is.
	 *
	 * @param last the outputs of the last deployment; none at first
	 */
	stateAfter(live: LiveObject<Inputs>, inputs: Values, last: Values): Values;
	/** The same after a refresh, which does nothing. */
	stateAfterRefresh(live: LiveObject<Inputs>, outputs: Values): Values;
	/** The same after a refresh that found the object untouched. */
	stateIfUnchanged(outputs: Values): Values;
}

/**
 * What an object shows of who made it: `proven` that it was made of the inputs at hand, `refuted` that it was not, `none` where
 * it has nothing that nobody else could have given to it.
 */
export type CreationProof = "proven" | "refuted" | "none";

/** Everything that the lifecycle must know of one kind of resource. */
export interface ResourceType<Inputs extends object> {
	/** The resource's type as users read it: `DeviceIdentity`. */
	readonly title: string;
	/** What a message lists where a property is unknown. Default: every field. */
	readonly suggestedProperties?: readonly string[];
	readonly schema: Schema<Inputs>;
	/** The managed value that an input takes when it is no longer declared; absent means that it is left out. */
	readonly defaults: Values;
	/** Completes what a user wrote: ids, hosts, inferred types. Unknown values must pass through. */
	normalizeInputs(inputs: Values): Values;
	/**
	 * Works out what inputs leave to be worked out: keys that derive from a group's. The service gets the answer and is
	 * compared with it; Pulumi keeps the inputs alone. Unknown values must pass through.
	 */
	deriveInputs?(inputs: Values): Values;
	/** What an object is like that was just made of these inputs: with what the service fills in. Default: as they say. */
	predictCreated?(inputs: Values): Values;
	/** Whether an object shows by itself that it was made of these inputs, and of no others. Default: nothing does. */
	verifyCreation?(live: LiveObject<Inputs>, inputs: Values): CreationProof;
	/** What carries over under another name, or not at all, once declared and live values are laid together. */
	normalizeDesired(desired: Values): Values;
	/** What inputs may ask to be done once; absent where there is no such thing. */
	readonly oneTimeActions?: OneTimeActions<Inputs>;
	/** Rules that look at several inputs at once; any of them may be unknown. */
	readonly validators: readonly ((inputs: Values) => readonly CheckFailure[])[];
	/** The id under which Pulumi keeps the object; empty where the service chooses it. */
	getId(inputs: Inputs): string;
	/** How messages name an object of this kind: `gw-1`. */
	getLabel(target: Target): string;
	readonly messages: ResourceMessages<Inputs>;
	/** A name for the object that is unique among all of the kind in this process. */
	getKey(target: Target): string;
	/** Which incarnation of the object the outputs were taken from. */
	getUid(outputs: Values): string | undefined;
	/** When the object was made, in milliseconds since 1970 on the service's clock; undefined where nobody knows. */
	getCreatedAt(outputs: Values): number | undefined;
	/** What these inputs would do to the object that a stack may limit. */
	listLimitedActions(outputs: Values, inputs: Values): readonly LimitedAction[];
	/** What deleting an object means where the stack's limits count it. */
	readonly deleteAction: LimitedAction;
	/**
	 * Why the object could not be created again once it is deleted, as the rest of a sentence that begins with its name;
	 * undefined where it could. Default: it could.
	 */
	explainNoReplacement?(outputs: Values): string | undefined;
	/** Whether the outputs keep other things than these inputs ask to keep. */
	needsStateUpdate(outputs: Values, inputs: Values): boolean;
	/**
	 * What Pulumi keeps of a live object, apart from policies and bookkeeping.
	 *
	 * @param last the outputs of the last deployment, for what the service tells only once; none at first
	 */
	toOutputs(live: LiveObject<Inputs>, inputs: Values, last: Values): Values;
	/** The live object as an earlier run kept it, or undefined where that is not all that a write needs. */
	fromState(outputs: Values): LiveObject<Inputs> | undefined;
	/** Opens a connection for one operation. */
	connect(operation: CrudOperation): ResourceApi<Inputs>;
}

/** The operations that reach a service, each with a deadline of its own. */
export type CrudOperation = "create" | "read" | "update" | "delete";

/** What a stack may want to do only so often in one run. */
export type LimitedAction = "delete" | "disable" | "changeKeys";
