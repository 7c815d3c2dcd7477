import type { SendRequest } from "../../../provider/http/pipeline.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { Values } from "../../contract/subject/subject.ts";
import type { Outside, Program } from "./step.ts";

/** Values by path, such as `authentication.symmetricKey.primaryKey`; an empty text is none. */
export type Leaves = Readonly<Record<string, string>>;

/** The object as the service has it. */
export interface Sight {
	/** Tells it from an earlier or later one. */
	readonly incarnation: string;
	/** The etag that Pulumi must have of it. */
	readonly etag: string;
	/** All values that a program may declare. */
	readonly leaves: Leaves;
}

/** The histories of one object, as types. */
export interface Single {
	readonly program: Program;
	readonly sight: Sight;
	readonly view: Sight | undefined;
	readonly outside: Outside;
}

/** Surroundings of one provider process. */
export interface ProcessOptions {
	readonly network: SendRequest;
	say(text: string): void;
}

/** A service with room for one object, called and not connected to. */
export interface Place {
	/** How messages name the object, whatever its id is. */
	readonly label: string;
	/** What a program may declare, and the values that it and others choose from; an empty text takes it away. */
	readonly knobs: Readonly<Record<string, readonly string[]>>;
	/** Values that the service gives what is no longer declared; what is not named here is kept. */
	readonly defaults: Leaves;
	/** Whether the program says the id, so that another object may come to have it, or the service makes one for good. */
	readonly ids: "declared" | "given";
	/** Whether a refresh gives live values as inputs too, or tells them in words. */
	readonly refresh: "inputs" | "words";
	/** Starts a provider process. */
	open(options: ProcessOptions): ResourceProvider;
	/** The services, without any network. */
	readonly network: SendRequest;
	/** The object, or undefined. */
	view(): Sight | undefined;
	/** What the resource declares for this program. */
	inputsOf(program: Program): Values;
	/** The same as leaves. */
	declaredBy(program: Program): Leaves;
	/** The leaves that state's outputs tell. */
	leavesOf(outputs: Values): Leaves;
	/** What state's outputs, or its id, say of the incarnation. */
	incarnationOf(id: string, outputs: Values): string;
	/** A value as a report shows it. */
	shown(path: string, value: string): string;
	/** Does what somebody else does; does nothing where it makes no sense. */
	changeElsewhere(outside: Outside): void;
	/** Lets time pass. */
	pass(milliseconds: number): void;
	/** What must never be said. */
	secrets(): readonly string[];
	/** Takes away whatever a history left. */
	clear(): void;
}
