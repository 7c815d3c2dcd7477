import type { SendRequest } from "../../../provider/http/pipeline.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import {
	type Control,
	type Emulator,
	type EmulatorOptions,
	type LoggedRequest,
	type RequestMatch,
	startEmulator,
} from "../../emulator/emulator.ts";
import type { QuickClock } from "../harness/clocks.ts";
import type { MessageRecorder } from "../harness/messages.ts";

/** Properties as Pulumi hands them over. */
export type Values = Readonly<Record<string, unknown>>;

/** The operations that reach a service. */
export type Verb = "create" | "read" | "update" | "delete";

/** A resource type on one of its services: everything that the contract suite must know about it. */
export interface Subject {
	/** Its name in test titles. */
	readonly title: string;
	/** Differences between types that the scenarios must know. */
	readonly traits: Traits;
	/**
	 * How many requests each operation sends; `unchanged` is a plan without differences, `trouble` the maximum of a write
	 * that the service never carries out.
	 */
	readonly costs: Readonly<Record<"create" | "unchanged" | "update" | "delete" | "trouble", number>>;
	/** How many requests precede the decisive one of each operation. */
	readonly leads: Readonly<Record<"create" | "update" | "delete", number>>;
	/** How long a write waits for a service that never responds, and for one that only fails: `30s`. */
	readonly patience: { readonly silence: `${number}s`; readonly failure: `${number}s` };
	/** Starts an empty service, by default behind sockets on this machine. */
	start(place?: Place): Promise<Stage>;
}

/** Properties that differ between types or services; a scenario says which it needs. */
export interface Traits {
	/** Whether the program declares the id, which a later object may have again, or the service assigns a unique one. */
	readonly ids: "declared" | "given";
	/** Whether every write changes the etag, or only one that changes a value. */
	readonly etags: "revision" | "content";
	/** Whether an object exists as soon as its creation is confirmed, or later. */
	readonly births: "at once" | "in time";
	/** Whether a refresh returns live values as inputs too, or only reports them because an input cannot be read back. */
	readonly refresh: "inputs" | "words";
}

/** A running service, the ways to reach it, and one object that may exist there. */
export interface Stage {
	readonly sample: Sample;
	/** Starts a provider process with new clients, caches and plans. */
	connect(options?: ConnectOptions): ResourceProvider;
	/** The clock of the latest process. */
	readonly clock: QuickClock;
	/** Creates the default clock of a process. */
	createClock(): QuickClock;
	/** Everything that the provider logged and threw so far, in every process. */
	readonly words: MessageRecorder;
	/** The service as others see and change it. */
	readonly elsewhere: Elsewhere;
	/** Faults to come. */
	readonly faults: Control["faults"];
	/** The requests so far. */
	readonly requests: Pick<Control["requests"], "list" | "count" | "reset">;
	/** The decisive request of each operation. */
	readonly match: Readonly<Record<Verb, RequestMatch>>;
	/** The last request of an adoption before which a change by others is still noticed. */
	readonly adoptionRace: { readonly match: RequestMatch; readonly nth: number };
	/** Lists the etags that a write was conditional on: the one in its `If-Match`, the one that a read just before returned. */
	listConditions(write: LoggedRequest): readonly string[];
	/** The keys of the service's objects, if they have any. */
	readonly keys?: StageKeys;
	/** Lists the texts that no message may contain. */
	listSecrets(): Iterable<string>;
	/** The other tenant, if the service has tenants. */
	readonly otherTenant?: OtherTenant;
	/** Lists the violations of the service's own description in the requests so far. */
	listProblems(): readonly string[];
	/** Lists what finished operations left behind in the service besides objects. */
	listRemains(): readonly string[];
	/** Stops listening; connections are refused from now on. */
	close(): Promise<void>;
}

/** A tenant that is not that of the stage. */
export interface OtherTenant {
	/** Decides before each request whether its token is of that tenant; undefined for never. */
	signIn(isNext: (() => boolean) | undefined): void;
	/** Counts its objects. */
	count(): number;
}

/** Both keys of one object, and what distinguishes it from an earlier or later one with the same id. */
export interface ObjectKeys {
	readonly uid: string;
	readonly primary: string | null;
	readonly secondary: string | null;
}

/** The keys of the service's objects. */
export interface StageKeys {
	/** Inputs that request a new secondary key for every object. */
	readonly rotation: Values;
	/** Returns the keys of every object, by id. */
	read(): ReadonlyMap<string, ObjectKeys>;
	/** Lets the service omit keys from its responses, as for a credential that may not read them. */
	withhold(): void;
}

/** Options of one process. */
export interface ConnectOptions {
	/** How long each operation may take: `30s`. Default the provider's own. */
	readonly timeout?: string;
	readonly clock?: QuickClock;
}

/** One object as a program declares it, with values of the one field that the scenarios change. */
export interface Sample {
	/** Its name in messages, without the id. */
	readonly label: string;
	/** Declares `path` as `values.declared`. */
	readonly inputs: Values;
	/** The same object with `path` declared as `values.changed`. */
	readonly changed: Values;
	/** Inputs of another object, and the ones that require a replacement. */
	readonly moved: { readonly inputs: Values; readonly replaces: readonly string[] };
	/** A field that `inputs` does not declare, and the inputs that declare it, too. */
	readonly other: { readonly name: string; readonly value: string; readonly inputs: Values };
	/** The path of `ignoreChanges` that ignores the field. */
	readonly ignored: string;
	/** The field, a top-level property. */
	readonly path: string;
	readonly values: {
		readonly declared: string;
		readonly changed: string;
		/** The value that somebody else sets. */
		readonly foreign: string;
	};
}

/** The object as the service has it. */
export interface View {
	readonly id: string;
	readonly etag: string;
	/** Tells it from an earlier or later object with the same id. */
	readonly uid: string;
	/** Counts the writes to it. */
	readonly revision: number;
	/** Its fields under the names of inputs. */
	readonly fields: Values;
}

/** Changes the service without a request, as somebody at a console. */
export interface Elsewhere {
	/** Returns the sample's object, or undefined. */
	getView(): View | undefined;
	/** Counts all objects of the service. */
	count(): number;
	/** Creates the object as the sample declares it, long ago. */
	make(): void;
	/** Sets the sample's field to another value. */
	change(value: string): void;
	/** Changes a field that the sample does not declare. */
	changeUndeclared(): void;
	/** Writes the object unchanged; only the etag changes. */
	rewrite(): void;
	/** Simulates activity of the object that is not a write. */
	simulateActivity(): void;
	remove(): void;
	/** Deletes the object and creates another one with equal fields, under the same id if ids are declared. */
	recreate(): void;
}

/** Where services run and how they are reached. */
export interface Place {
	start(options: EmulatorOptions): Promise<Emulator>;
	/** Carries the provider's requests. Default the network. */
	readonly network?: SendRequest;
	/** Carries a test's own requests for tokens. Default the network. */
	readonly fetch?: typeof fetch;
}

/** On this machine, behind sockets. */
export const LOOPBACK: Place = { start: startEmulator };
