import type { Lifecycle } from "../../../provider/lifecycle/lifecycle.ts";
import type { Control, RequestMatch } from "../../emulator/emulator.ts";
import type { QuickClock } from "../engine/quickClock.ts";
import type { Words } from "../engine/words.ts";

/** Properties as Pulumi hands them over. */
export type Values = Readonly<Record<string, unknown>>;

/** The operations that reach a service. */
export type Verb = "create" | "read" | "update" | "delete";

/** A kind of resource on one of its services: all that the contract suite must know of it. */
export interface Subject {
	/** As the tests name it. */
	readonly title: string;
	/** How many requests each operation takes; `unchanged` is a plan that finds nothing to do. */
	readonly costs: Readonly<Record<"create" | "unchanged" | "update" | "delete", number>>;
	/** Starts the service with nothing in it. */
	start(): Promise<Stage>;
}

/** A running service, the ways to it, and one object that may live there. */
export interface Stage {
	readonly sample: Sample;
	/** Starts a provider process of its own: clients, caches and plans are new. */
	connect(options?: ConnectOptions): Lifecycle;
	/** The clock of the latest process. */
	readonly clock: QuickClock;
	/** All that the provider said and threw so far, in every process. */
	readonly words: Words;
	/** The service as everybody else sees and changes it. */
	readonly elsewhere: Elsewhere;
	/** What is to go wrong. */
	readonly faults: Control["faults"];
	/** What was asked. */
	readonly requests: Control["requests"];
	/** The request by which each verb does its work. */
	readonly match: Readonly<Record<Verb, RequestMatch>>;
	/** What must never reach a message. */
	secrets(): Iterable<string>;
	/** What was wrong with any request so far by the service's own description; empty where all were in order. */
	problems(): readonly string[];
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
	readonly id: string;
	/** Declares `path` as `values.declared`. */
	readonly inputs: Values;
	/** The same object with `path` declared as `values.changed`. */
	readonly changed: Values;
	/** Another object under the same resource. */
	readonly moved: { readonly inputs: Values; readonly replaces: string };
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
	readonly etag: string;
	/** Tells it from an earlier or later one under the same id. */
	readonly incarnation: string;
	/** Counts the writes to it. */
	readonly revision: number;
	/** Its fields under the names of inputs. */
	readonly fields: Values;
}

/** Somebody with a console of his own: none of this is a request. */
export interface Elsewhere {
	/** The sample's object, or undefined. */
	view(): View | undefined;
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
	live(): void;
	remove(): void;
	/** Deletes the object and makes another one under its id, with equal fields. */
	recreate(): void;
}
