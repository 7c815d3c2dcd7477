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

/** A kind of resource on one of its services: all that the contract suite must know of it. */
export interface Subject {
	/** As the tests name it. */
	readonly title: string;
	/** In what the kinds differ that the scenarios must know. */
	readonly traits: Traits;
	/**
	 * How many requests each operation takes; `unchanged` is a plan that finds nothing to do, `trouble` the most that a
	 * write makes of a service that never carries it out.
	 */
	readonly costs: Readonly<Record<"create" | "unchanged" | "update" | "delete" | "trouble", number>>;
	/** How many requests go before the one by which each verb does its work. */
	readonly leads: Readonly<Record<"create" | "update" | "delete", number>>;
	/** For how long a write waits for a service that never answers, and for one that only fails: `30s`. */
	readonly patience: { readonly silence: `${number}s`; readonly failure: `${number}s` };
	/** Starts the service with nothing in it, by default behind sockets on this machine. */
	start(place?: Place): Promise<Stage>;
}

/** What holds for some kinds or services and not for others; a scenario says which it is about. */
export interface Traits {
	/** Whether the program says the id, so that another object may come to have it, or the service makes one for good. */
	readonly ids: "declared" | "given";
	/** Whether every write moves the etag, or only one that changes something. */
	readonly etags: "revision" | "content";
	/** Whether an object is there as soon as its creation is answered, or later. */
	readonly births: "at once" | "in time";
	/** Whether a refresh gives live values as inputs too, or tells them in words because an input can't be read back. */
	readonly refresh: "inputs" | "words";
}

/** A running service, the ways to it, and one object that may live there. */
export interface Stage {
	readonly sample: Sample;
	/** Starts a provider process of its own: clients, caches and plans are new. */
	connect(options?: ConnectOptions): ResourceProvider;
	/** The clock of the latest process. */
	readonly clock: QuickClock;
	/** A clock as a process has it unless told otherwise. */
	createClock(): QuickClock;
	/** All that the provider said and threw so far, in every process. */
	readonly words: MessageRecorder;
	/** The service as everybody else sees and changes it. */
	readonly elsewhere: Elsewhere;
	/** What is to go wrong. */
	readonly faults: Control["faults"];
	/** What was asked. */
	readonly requests: Pick<Control["requests"], "list" | "count" | "reset">;
	/** The request by which each verb does its work. */
	readonly match: Readonly<Record<Verb, RequestMatch>>;
	/** The last request of an adoption before which somebody else's change is still noticed. */
	readonly adoptionRace: { readonly match: RequestMatch; readonly nth: number };
	/** The etags upon which a write was made conditional: the one in its `If-Match`, the one that a read just before showed. */
	listConditions(write: LoggedRequest): readonly string[];
	/** What must never reach a message. */
	listSecrets(): Iterable<string>;
	/** What was wrong with any request so far by the service's own description; empty where all were in order. */
	listProblems(): readonly string[];
	/** What operations that came to an end left behind in the service besides objects; empty where they left nothing. */
	listRemains(): readonly string[];
	/** Stops listening: connections are refused from now on. */
	close(): Promise<void>;
}

/** How one process is set up. */
export interface ConnectOptions {
	/** How long each operation may take: `30s`. Default the provider's own. */
	readonly timeout?: string;
	readonly clock?: QuickClock;
}

/** One object as a program declares it, and the values of the one field that the scenarios change. */
export interface Sample {
	/** How messages name it, whatever its id is. */
	readonly label: string;
	/** Declares `path` as `values.declared`. */
	readonly inputs: Values;
	/** The same object with `path` declared as `values.changed`. */
	readonly changed: Values;
	/** Another object under the same resource, and the inputs that make it another one. */
	readonly moved: { readonly inputs: Values; readonly replaces: readonly string[] };
	/** The field, a top-level property. */
	readonly path: string;
	readonly values: {
		readonly declared: string;
		readonly changed: string;
		/** What somebody else makes of it. */
		readonly foreign: string;
	};
}

/** The object as the service has it. */
export interface View {
	readonly id: string;
	readonly etag: string;
	/** Tells it from an earlier or later one under the same id. */
	readonly uid: string;
	/** Counts the writes to it. */
	readonly revision: number;
	/** Its fields under the names of inputs. */
	readonly fields: Values;
}

/** Somebody with a console of his own: none of this is a request. */
export interface Elsewhere {
	/** The sample's object, or undefined. */
	getView(): View | undefined;
	/** How many objects the service has in all. */
	count(): number;
	/** Makes the object just as the sample declares it, long ago. */
	make(): void;
	/** Sets the sample's field to another value. */
	change(value: string): void;
	/** Changes a field that the sample does not declare. */
	changeUndeclared(): void;
	/** Writes the object as it is: only the etag moves. */
	rewrite(): void;
	/** What happens to a live object all day, without anybody writing it. */
	simulateActivity(): void;
	remove(): void;
	/** Deletes the object and makes another one with equal fields, under the same id where ids are declared. */
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
