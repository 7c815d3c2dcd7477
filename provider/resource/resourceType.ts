import type { Values } from "../values.ts";
import type { CheckFailure, Schema } from "./schema.ts";

/**
 * Everything that is specific to one type of resource. To add a resource, implement this interface; the functions of this folder then
 * check, compare, create, read, update, delete and inspect its objects.
 *
 * An implementation has three parts: a {@link Schema} that says how each input behaves, a {@link ResourceApi} that sends single
 * requests, and this object, which ties them together. Methods are pure except `connect`. They receive the inputs of the
 * program, so any value may be unknown during a preview. Omit optional members that the service does not need.
 *
 * @example
 * A door has a code that the service assigns, and one managed property.
 * ```ts
 * const DOOR: ResourceType<{ name: string; colour?: string }> = {
 * 	title: "Door",
 * 	schema: {
 * 		name: { role: "requiresReplace", validate: expectString() },
 * 		colour: { role: "managed", validate: expectOneOf(["red", "blue"]) },
 * 	},
 * 	defaults: { colour: "red" },
 * 	normalizeInputs: (inputs) => inputs,
 * 	validators: [],
 * 	getId: ({ name }) => name,
 * 	getLabel: ({ id }) => id,
 * 	getKey: ({ id }) => id,
 * 	messages: {
 * 		conflictAdvice: "otherwise choose another name",
 * 		recreatedNote: "its code is new",
 * 		describeChange: () => "was changed",
 * 	},
 * 	deleteAction: "delete",
 * 	toOutputs: ({ etag, values, computed }) => ({ ...values, code: computed["code"], etag }),
 * 	// Without a way to rebuild the object from state, an update reads it first.
 * 	fromState: () => undefined,
 * 	connect: (operation) => new DoorApi(operation),
 * };
 * ```
 */
export interface ResourceType<Inputs extends object> {
	/** The resource's type in messages: `DeviceIdentity`. */
	readonly title: string;
	/** The names that a message lists if a property is unknown. Default: every field. */
	readonly suggestedProperties?: readonly string[];
	readonly schema: Schema<Inputs>;
	/** The values that inputs are reset to once they are no longer declared, by path. Default: the input is omitted. */
	readonly defaults?: Values;
	/** Completes the inputs of a program: ids, hosts, inferred types. Unknown values must pass through. */
	normalizeInputs(inputs: Values): Values;
	/**
	 * Adds inputs that derive from others: keys from a group's key. The result is sent to the service and compared with it;
	 * Pulumi keeps only the inputs. Unknown values must pass through. Default: nothing is derived.
	 */
	deriveInputs?(inputs: Values): Values;
	/** Returns the values of a newly created object, defaults of the service included. Default: the inputs. */
	predictCreated?(inputs: Values): Values;
	/** Whether the object itself proves that it was created from these inputs and no others. Default: `none`. */
	verifyCreation?(live: LiveObject<Inputs>, inputs: Values): CreationProof;
	/**
	 * Adapts declared and live values after they were merged: renames values that carry over under another name, and removes those
	 * that do not carry over. Default: they are written as they are.
	 */
	normalizeDesired?(desired: Values): Values;
	/** Actions that inputs request once, such as a key rotation. Default: there are none. */
	readonly oneTimeActions?: OneTimeActions<Inputs>;
	/** Rules about several inputs at once; any of them may be unknown. Rules about one input belong in its field. */
	readonly validators: readonly ((inputs: Values) => readonly CheckFailure[])[];
	/** Returns the id under which Pulumi keeps the object; empty if the service assigns it. */
	getId(inputs: Inputs): string;
	/** Returns the name of an object in messages: `gw-1`. */
	getLabel(target: Target): string;
	readonly messages: ResourceMessages<Inputs>;
	/** Returns a key that is unique among all objects of the type in this process. */
	getKey(target: Target): string;
	/** Returns the {@link LiveObject.uid} of the object that the outputs belong to. Default: the service has no uids. */
	getUid?(outputs: Values): string | undefined;
	/**
	 * Returns the outputs without those that only have the name of an input: they are computed by the service for an object in this
	 * state, and no input can set them. Default: there are none.
	 */
	omitComputedOutputs?(outputs: Values): Values;
	/**
	 * Returns when the object was created, in milliseconds since 1970 on the service's clock; undefined if it is not known.
	 * Default: it never is.
	 */
	getCreatedAt?(outputs: Values): number | undefined;
	/** Lists the limited actions that these inputs cause on the object. Default: none. */
	listLimitedActions?(outputs: Values, inputs: Values): readonly LimitedAction[];
	/** The action that a deletion counts as in the stack's limits. */
	readonly deleteAction: LimitedAction;
	/**
	 * Returns why the object could not be created again after a deletion, as the rest of a sentence that begins with its name;
	 * undefined if it could. Default: it could.
	 */
	explainNoReplacement?(outputs: Values): string | undefined;
	/**
	 * Returns why a live object is not the one that these inputs declare, as the rest of a sentence that begins with its name; undefined if
	 * it is. It decides if state says nothing about an input ({@link IdentityProof}). Default: every object is the declared one.
	 */
	describeOtherObject?(live: LiveObject<Inputs>, inputs: Values): string | undefined;
	/** Whether these inputs request other outputs in state than it has, such as credentials. Default: they do not. */
	needsStateUpdate?(outputs: Values, inputs: Values): boolean;
	/**
	 * Returns the outputs that Pulumi keeps of a live object, without provider options and the keys of `stateKeys.ts`.
	 *
	 * @param last the outputs of the last deployment, for values that the service returns only once; empty for a new object
	 */
	toOutputs(live: LiveObject<Inputs>, inputs: Values, last: Values): Values;
	/** Rebuilds the live object from state; undefined if state lacks a value that a write needs. */
	fromState(outputs: Values): LiveObject<Inputs> | undefined;
	readonly connect: ConnectApi<Inputs>;
	/**
	 * Signs in to the service that these inputs name, and sends no other request. A preview of a new object sends nothing else, so
	 * only this shows that credentials are missing. Default: there is no sign-in.
	 */
	signIn?(inputs: Values): Promise<void>;
}

/** Connects to the service for one operation, with the timeout of that operation. */
export type ConnectApi<Inputs> = (operation: CrudOperation) => ResourceApi<Inputs>;

/** The operations that reach a service, each with a deadline of its own. */
export type CrudOperation = "create" | "read" | "update" | "delete";

/**
 * The service operations that a resource type needs. Callers handle the error classes in `errors.ts`; every other error ends the
 * operation.
 */
export interface ResourceApi<Inputs> {
	/** Reads the object; undefined only if the service reports that it does not exist. */
	get(target: Target): Promise<LiveObject<Inputs> | undefined>;
	/**
	 * Checks in the cheapest way whether the object still has this etag, and reads it if it has another one.
	 *
	 * @param consistency `eventual` if a list that lags by some seconds is sufficient
	 */
	getIfChanged(
		target: Target,
		etag: string,
		consistency: Consistency,
	): Promise<LiveObject<Inputs> | "unchanged" | undefined>;
	/** Returns the id of a later object for the same device or machine, if the object of this id is gone. */
	findReplacement?(target: Target): Promise<string | undefined>;
	/**
	 * Creates the object. It must not change an existing object.
	 *
	 * @param claimId claims the object for its record; throws if another record holds it. To be called as soon as the id is known, if the
	 *   service assigns ids and assigns them before the creation ends
	 */
	create(desired: Inputs, claimId: (id: string) => void): Promise<LiveObject<Inputs>>;
	/** Replaces the object that `base` describes, under the etag of `base`. */
	update(desired: Inputs, base: LiveObject<Inputs>): Promise<LiveObject<Inputs>>;
	/** Deletes the object under this etag; one that does not exist counts as deleted. */
	delete(target: Target, etag: string): Promise<void>;
	/** Whether an object that still exists is as `delete` leaves it, for instance disabled. Default: it never is. */
	countsAsDeleted?(live: LiveObject<Inputs>): boolean;
	/** Deletes an object that `delete` would only disable, under this etag. Default: `delete` removes the object. */
	purge?(target: Target, etag: string): Promise<void>;
	/** Removes what an object that is gone left in the service. Default: nothing is left. */
	cleanUp?(target: Target): Promise<void>;
}

/** An object as the service has it at one moment. */
export interface LiveObject<Inputs> {
	/** The object's id, if the service assigns it. */
	readonly id?: string;
	/** Changes with every write to the object. */
	readonly etag: string;
	/** Distinguishes the object from a later one with the same id: IoT Hub's `generationId`. Absent if the service has no such value. */
	readonly uid?: string;
	/** Milliseconds since the object was created, on the service's clock; absent if the service does not report it. */
	readonly ageMs?: number;
	/** The values that inputs would have if the object had been declared as it is, secrets included. */
	readonly values: Partial<Inputs>;
	/** Values for outputs that are not inputs. */
	readonly computed: Values;
}

/** Identifies one object: its id and the properties that contain its address. */
export interface Target {
	readonly id: string;
	readonly values: Values;
}

/** How recent a response must be. */
export type Consistency = "strong" | "eventual";

/** The parts of messages that differ between resource types. */
export interface ResourceMessages<Inputs> {
	/** What to do about an existing object that should not be adopted, as the end of a sentence. */
	readonly conflictAdvice: string;
	/** What is new about an object that was deleted and created again, as the end of a sentence. */
	readonly recreatedNote: string;
	/** Describes the change of an object that differs only in these paths: `was moved to another parent`. */
	describeChange(paths: readonly string[]): string;
	/** Summarizes for a plan the change of these paths: `status`, `gets other keys`. Default: the paths. */
	summarizeChanges?(paths: readonly string[]): readonly string[];
	/** Returns the note of a refresh about values that nobody declares, such as rotated keys. Default: none. */
	formatRefreshNote?(live: LiveObject<Inputs>, outputs: Values): string | undefined;
}

/** The next step of a one-time action. */
export type OneTimeAction =
	/** The action is pending; `desired` is the whole object after it. */
	| { readonly step: "do"; readonly desired: Values }
	/** The object itself proves that the action was done, by a run that ended before state was written. */
	| { readonly step: "done" }
	/** Nothing proves whether the action was done, so it is not repeated; `reason` is the end of a sentence, with the remedy. */
	| { readonly step: "unprovable"; readonly reason: string };

/** How the actions that inputs request apply to an object that is adopted. */
export interface AdoptionPlan {
	/** The outputs that state would have had of the object before, with the actions that the object itself proves. */
	readonly last: Values;
	/** The inputs without the actions that only a later run can carry out. */
	readonly inputs: Values;
	/** What is left to the next run, as the end of a sentence: `will get swapped keys in the next run`. Absent if nothing is. */
	readonly nextRun?: string;
}

/** Actions that inputs request once, in addition to the managed values: key rotations. */
export interface OneTimeActions<Inputs> {
	/** Whether the inputs request an action that was not done yet. */
	isPending(outputs: Values, inputs: Values): boolean;
	/** Returns what will be done, as the end of a sentence: `gets a new secondary key`. */
	describe(inputs: Values): string;
	/** Returns the same once it is done: `got a new secondary key`. */
	describeDone(inputs: Values): string;
	/** Decides the next step for an object. */
	plan(
		desired: Values,
		current: { live: LiveObject<Inputs>; inputs: Values; outputs: Values },
	): OneTimeAction;
	/** Returns what an object that is adopted with these inputs gets, as {@link describe} does; undefined if nothing. */
	describeAdoption(inputs: Values): string | undefined;
	/** Plans the actions for an object that is adopted, of which state knows nothing yet. */
	planAdoption(live: LiveObject<Inputs>, inputs: Values): AdoptionPlan;
	/**
	 * Returns the outputs that record the action once it is done.
	 *
	 * @param last the outputs of the last deployment; empty at first
	 */
	stateAfter(live: LiveObject<Inputs>, inputs: Values, last: Values): Values;
	/** Returns the same outputs after a refresh, which does not carry out the action. */
	stateAfterRefresh(live: LiveObject<Inputs>, outputs: Values): Values;
	/** Returns the same outputs after a refresh that found the object unchanged. */
	stateIfUnchanged(outputs: Values): Values;
}

/**
 * Whether an object was created from the given inputs: `proven`, `refuted`, or `none` if it has no value that only its creator can
 * have set.
 */
export type CreationProof = "proven" | "refuted" | "none";

/** An action that a stack can limit per run. */
export type LimitedAction = "delete" | "disable" | "changeKeys";
