import type { SendRequest } from "../../../provider/http/pipeline.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { Values } from "../../contract/subject/subject.ts";
import type { Outside, Program } from "./step.ts";

/** Values by path, such as `authentication.symmetricKey.primaryKey`; an empty string means no value. */
export type Leaves = Readonly<Record<string, string>>;

/** The object at the service. */
export interface Sight {
	/** Distinguishes it from an earlier or later one. */
	readonly incarnation: string;
	/** The etag that state must have. */
	readonly etag: string;
	/** All values that a program may declare. */
	readonly leaves: Leaves;
	/** The keys, if neither a program nor state has them. */
	readonly keys?: Leaves;
}

/** The types of a single object's histories. */
export interface Single {
	readonly program: Program;
	readonly sight: Sight;
	readonly view: Sight | undefined;
	readonly outside: Outside;
}

/** What one provider process needs. */
export interface ProcessOptions {
	readonly network: SendRequest;
	say(text: string): void;
}

/** The tenant of the place and another one. */
export interface Tenants {
	/** The tenant that state must record unless tokens were opaque. */
	readonly ownId: string;
	/** Whether tokens say which tenant they are of, from now on. */
	setOpaque(isOpaque: boolean): void;
	/** Runs work with tokens of the other tenant that say so. */
	runElsewhere<Result>(work: () => Promise<Result>): Promise<Result>;
	/** Counts what the other tenant has. */
	countElsewhere(): number;
}

/** A service with room for one object, called directly without a network. */
export interface Place {
	/** The name of the object in messages, whatever its id is. */
	readonly label: string;
	/**
	 * The declarable properties, and the values that the program and others choose from; an empty string unsets the
	 * property.
	 */
	readonly knobs: Readonly<Record<string, readonly string[]>>;
	/** The paths of `ignoreChanges` by the property that each ignores; the others are never ignored. */
	readonly ignoredPaths: Readonly<Record<string, string>>;
	/** The service's values for properties that are no longer declared; those not listed here keep theirs. */
	readonly defaults: Leaves;
	/** Whether the program declares the id, so that another object may get it, or the service assigns one. */
	readonly ids: "declared" | "given";
	/** Whether a refresh returns live values as inputs too, or reports them in messages. */
	readonly refresh: "inputs" | "words";
	/** Starts a provider process. */
	open(options: ProcessOptions): ResourceProvider;
	/** The services, without a network. */
	readonly network: SendRequest;
	/** Returns the object, or undefined. */
	view(): Sight | undefined;
	/** Returns the inputs that the resource declares for this program. */
	inputsOf(program: Program): Values;
	/** Returns the same as leaves. */
	declaredBy(program: Program): Leaves;
	/** Returns the leaves of state's outputs. */
	leavesOf(outputs: Values): Leaves;
	/** Returns the uid that state has, in its outputs or its id. */
	incarnationOf(id: string, outputs: Values): string;
	/** Formats a value as a report shows it. */
	shown(path: string, value: string): string;
	/** Returns the generation of the key rotation that a program requests. Default: there are no rotations. */
	requestedRotation?(program: Program): string | undefined;
	/** Returns the generation of the last rotation in state. */
	completedRotation?(outputs: Values): string | undefined;
	/** Returns whether the service withholds keys, so that an update may be refused. Default: it never does. */
	isWithholding?(): boolean;
	/** Returns whether nothing proves that an object that appears during a creation was created by an earlier run. Default: it can be proven. */
	cannotProveCreation?(): boolean;
	/** Ends what would prevent the last runs of a history from succeeding. Default: nothing would. */
	settle?(): void;
	/** Carries out a change by somebody else; does nothing if it is impossible. */
	changeElsewhere(outside: Outside): void;
	/** The lags of lists to choose from, in milliseconds, if the service has lists that a resource reads. */
	readonly lags?: readonly number[];
	/** Lets lists lag by this many milliseconds. */
	setLag?(milliseconds: number): void;
	/** The behaviours of the service to choose from, by name, if it may have others than the usual one. */
	readonly worlds?: readonly string[];
	/** Lets the service behave as this world says. */
	setWorld?(world: string): void;
	/** Lets time pass. */
	pass(milliseconds: number): void;
	/** Lists the texts that must never be printed. */
	secrets(): readonly string[];
	/** The tenants of the service, if it has any. */
	readonly tenants?: Tenants;
	/** Removes everything that a history left. */
	clear(): void;
}
