import type { Claims } from "./claims.ts";
import type { Guard, Risk } from "./guard.ts";

/** Properties as Pulumi hands them over: plain JSON, nothing known about their types. */
export type Values = Readonly<Record<string, unknown>>;

/** One comparable piece of a property: `authentication.type`, `parentScopes`. */
export interface Facet {
	/** Dotted path below the resource's properties. */
	readonly path: string;
	/** The value as the service sees it (case, order and defaults aside); of a secret, its fingerprint. */
	readonly value: string;
	/** Set on secrets, which are never shown and never reset by leaving them out. */
	readonly secret?: true;
}

/** What is wrong with one property, as Pulumi's check reports it. */
export interface Fault {
	/** Dotted path of the property. */
	readonly property: string;
	/** The value's fault and the remedy, in one sentence each. */
	readonly reason: string;
}

/** Looks at one value; unknown values are never handed to it. */
export type Rule = (value: unknown, path: string) => readonly Fault[];

/** How one input behaves over the life of a resource. */
export interface Field {
	/**
	 * - `identity`: says which object is meant; another value means another object, so it replaces.
	 * - `managed`: kept equal to the service while it is declared, left alone while it is not.
	 * - `policy`: tells the provider how to behave; the service never hears of it.
	 */
	readonly role: "identity" | "managed" | "policy";
	/** Refuses what the service would refuse. */
	readonly rule: Rule;
	/** Whether the value is a secret or holds one; no message may show it whole. */
	readonly secret?: true;
	/** Splits the value into comparable pieces; by default the value is one piece. */
	readonly facets?: (value: unknown, path: string) => readonly Facet[];
	/**
	 * Another input that says the same of another form of the object, into which somebody else may have brought it: what
	 * is no longer declared here goes there too, unless that one is declared.
	 */
	readonly otherForm?: string;
	/** Leaving it out altogether leaves it as it is. Without this, what is no longer declared is reset. */
	readonly kept?: true;
	/**
	 * For an identity that the service may never give back, or not as it was sent: it is compared with what was declared
	 * at the last deployment, of which state keeps the facet (a fingerprint).
	 */
	readonly remembered?: true;
	/**
	 * Paths within it that neither the service nor the outputs give back. While one of them is declared a refresh answers
	 * with no inputs, for they would lack it.
	 */
	readonly withheld?: readonly string[];
}

/** One entry for each input, none forgotten: a new input without an entry does not compile. */
export type Fields<Inputs> = { readonly [Name in keyof Inputs]-?: Field };

/** An object as the service has it at one moment. */
export interface Live<Inputs> {
	/** The object's id, where the service chooses it. */
	readonly id?: string;
	/** Changes whenever anybody writes the object. */
	readonly etag: string;
	/** Tells the object from a later one under the same id: IoT Hub's `generationId`. */
	readonly incarnation: string;
	/** Milliseconds since the service made the object, on the service's own clock; absent when it doesn't tell. */
	readonly age?: number;
	/** What the inputs would be if the object had been declared as it is, secrets included. */
	readonly values: Partial<Inputs>;
	/** Facts that are no inputs, for outputs. */
	readonly facts: Values;
}

/** Which object is meant: its id and the properties that hold its address. */
export interface Target {
	readonly id: string;
	readonly values: Values;
}

/** How recent an answer must be. */
export type Exactness = "exactly" | "recent";

/**
 * What a service must be able to do for a resource to have a life. Every method answers with what is so, or throws:
 * the classes of `outcome.ts` are told apart by the lifecycle, everything else ends the operation.
 */
export interface Remote<Inputs> {
	/** Reads the object; undefined only when the service said that it does not exist. */
	find(target: Target): Promise<Live<Inputs> | undefined>;
	/**
	 * The cheapest way to learn whether the object still has this etag; reads it where it has another one.
	 *
	 * @param how `exactly`, or as of a `recent` moment: a list that lags some seconds will do
	 */
	probe(target: Target, etag: string, how: Exactness): Promise<Live<Inputs> | "untouched" | undefined>;
	/** The id of a later object that stands for the same thing under an id of its own, where one of that id is gone. */
	successor?(target: Target): Promise<string | undefined>;
	/** Makes the object, and only makes it: one that exists is never touched. */
	create(desired: Inputs): Promise<Live<Inputs>>;
	/** Replaces the object as `base` knew it, under `base`'s etag. */
	write(desired: Inputs, base: Live<Inputs>): Promise<Live<Inputs>>;
	/** Deletes the object under this etag; one that does not exist counts as deleted. */
	remove(target: Target, etag: string): Promise<void>;
	/** Whether an object that is still there is as `remove` leaves it; never where the method is missing. */
	isRemoved?(live: Live<Inputs>): boolean;
	/** Deletes under this etag an object that `remove` would leave behind; absent where it leaves none. */
	purge?(target: Target, etag: string): Promise<void>;
	/** Takes away what is left in the service of an object that is gone; absent where nothing is. */
	cleanUp?(target: Target): Promise<void>;
}

/** What messages say of one kind of resource where no words fit all kinds. */
export interface Words<Inputs> {
	/** What to do with an object that is in the way and is not to be adopted, as the end of a sentence. */
	readonly instead: string;
	/** What is new about an object that was deleted and created again, as the end of a sentence. */
	readonly reborn: string;
	/** What was done to an object of which just these paths differ: `was moved to another parent`. */
	changed(paths: readonly string[]): string;
	/** What a refresh is to say of what nobody declares: rotated keys; undefined for nothing. */
	noticed(live: Live<Inputs>, outputs: Values): string | undefined;
}

/** What is to be done of what inputs ask to be done once. */
export type Deed =
	/** It is still to be done: the whole object after it. */
	| { readonly step: "do"; readonly desired: Values }
	/** The object itself proves that it was done, by a run that ended before state was written. */
	| { readonly step: "done" }
	/** Nobody can tell whether it was done, so it is not; why, and what to do, as the end of a sentence. */
	| { readonly step: "unprovable"; readonly why: string };

/** What inputs may ask to be done once, beside what is kept as declared: rotated keys. */
export interface Deeds<Inputs> {
	/** Whether they ask for what was not done yet. */
	isDue(outputs: Values, inputs: Values): boolean;
	/** What will be done, as the end of a sentence: `gets a new secondary key`. */
	told(inputs: Values): string;
	/** Decides what is to be done to an object. */
	carriedOut(desired: Values, about: { live: Live<Inputs>; inputs: Values; outputs: Values }): Deed;
	/**
	 * Outputs that remember what was done, once it is.
	 *
	 * @param last the outputs of the last deployment; none at first
	 */
	recorded(live: Live<Inputs>, inputs: Values, last: Values): Values;
	/** The same after a refresh, which does nothing. */
	renewed(live: Live<Inputs>, outputs: Values): Values;
	/** The same after a refresh that found the object untouched. */
	untouched(outputs: Values): Values;
}

/**
 * What an object shows of who made it: `proven` that it was made of the inputs at hand, `refuted` that it was not, `none` where
 * it has nothing that nobody else could have given to it.
 */
export type Proof = "proven" | "refuted" | "none";

/** Everything that the lifecycle must know of one kind of resource. */
export interface Kind<Inputs extends object> {
	/** The resource's type as users read it: `DeviceIdentity`. */
	readonly title: string;
	/** What a message lists where a property is unknown. Default: every field. */
	readonly offered?: readonly string[];
	readonly fields: Fields<Inputs>;
	/** The managed value that an input takes when it is no longer declared; absent means that it is left out. */
	readonly defaults: Values;
	/** Completes what a user wrote: ids, hosts, inferred types. Unknown values must pass through. */
	complete(inputs: Values): Values;
	/**
	 * Works out what inputs leave to be worked out: keys that derive from a group's. The service gets the answer and is
	 * compared with it; Pulumi keeps the inputs alone. Unknown values must pass through.
	 */
	derive?(inputs: Values): Values;
	/** What an object is like that was just made of these inputs: with what the service fills in. Default: as they say. */
	created?(inputs: Values): Values;
	/** Whether an object shows by itself that it was made of these inputs, and of no others. Default: nothing does. */
	proof?(found: Live<Inputs>, inputs: Values): Proof;
	/** What carries over under another name, or not at all, once declared and live values are laid together. */
	tidy(desired: Values): Values;
	/** What inputs may ask to be done once; absent where there is no such thing. */
	readonly deeds?: Deeds<Inputs>;
	/** Rules that look at several inputs at once; any of them may be unknown. */
	readonly rules: readonly ((inputs: Values) => readonly Fault[])[];
	/** The id under which Pulumi keeps the object; empty where the service chooses it. */
	id(inputs: Inputs): string;
	/** How messages name an object of this kind: `gw-1`. */
	label(target: Target): string;
	readonly words: Words<Inputs>;
	/** A name for the object that is unique among all of the kind in this process. */
	key(target: Target): string;
	/** Which incarnation of the object the outputs were taken from. */
	incarnation(outputs: Values): string | undefined;
	/** When the object was made, in milliseconds since 1970 on the service's clock; undefined where nobody knows. */
	bornAt(outputs: Values): number | undefined;
	/** What these inputs would do to the object that a stack may limit. */
	risks(outputs: Values, inputs: Values): readonly Risk[];
	/** What deleting an object means where the stack's limits count it. */
	readonly removal: Risk;
	/**
	 * Why the object could not be created again once it is deleted, as the rest of a sentence that begins with its name;
	 * undefined where it could. Default: it could.
	 */
	refusesReplacement?(outputs: Values): string | undefined;
	/** Whether the outputs keep other things than these inputs ask to keep. */
	stale(outputs: Values, inputs: Values): boolean;
	/**
	 * What Pulumi keeps of a live object, apart from policies and bookkeeping.
	 *
	 * @param last the outputs of the last deployment, for what the service tells only once; none at first
	 */
	outputs(live: Live<Inputs>, inputs: Values, last: Values): Values;
	/** The live object as an earlier run kept it, or undefined where that is not all that a write needs. */
	recall(outputs: Values): Live<Inputs> | undefined;
	/** Opens a connection for one operation. */
	connect(verb: Verb): Remote<Inputs>;
}

/** The operations that reach a service, each with a deadline of its own. */
export type Verb = "create" | "read" | "update" | "delete";

/** The world around a lifecycle, handed in so that it stays free of clocks and consoles. */
export interface Surroundings {
	/** Puts a message in front of the user (Pulumi shows it under Diagnostics). */
	say(text: string): void;
	/** Resolves after this many milliseconds. */
	wait(milliseconds: number): Promise<void>;
	/** Milliseconds on a clock that only runs forward. */
	now(): number;
	/** What the stack allows in one run. */
	readonly guard: Guard;
	/** Which records of the stack hold which objects. */
	readonly claims: Claims;
	/** What to do about drift where the resource itself does not say. */
	onDrift(): OnDrift;
}

/** `reconcile` shows drift in the plan and writes the declared values back; `fail` stops the run instead. */
export type OnDrift = "reconcile" | "fail";
