import type { Answer } from "./answer.ts";
import type { Call, CallHead } from "./call.ts";

/** One emulated service: the hub, the token issuer, Graph. */
export interface Service {
	/** The name under which its requests are logged. */
	readonly name: string;
	/** Whether its request bodies hold credentials and are kept out of the log. Default false. */
	readonly hidesBodies?: true;
	/** Whether a request is for this service. */
	owns(head: CallHead): boolean;
	/** The route's name as the service's reference writes it, such as `PUT /devices/{id}`, or undefined for none. */
	route(head: CallHead): string | undefined;
	/** Does what the request asks and says what to answer. Never throws for anything that a client sent. */
	answer(call: Call): Promise<Answer>;
	/** An error that a test asks for, in this service's own words, as the answer to a request. */
	refuse(status: number, error: ScriptedError, head: CallHead): Answer;
}

/** The parts of a scripted error that the test chose. */
export interface ScriptedError {
	readonly code?: string;
	readonly message?: string;
}
