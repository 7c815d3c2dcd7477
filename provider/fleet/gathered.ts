import type { FleetType } from "./kind.ts";
import { joinMessages } from "./told.ts";

/** Does the work with a kind whose members speak to a list, and says at the end what they said, as one text that can be read. */
export async function withBufferedMemberMessages<Inputs extends object, Result>(
	fleetType: FleetType<Inputs>,
	action: (quiet: FleetType<Inputs>) => Promise<Result>,
): Promise<Result> {
	const { memberContext } = fleetType;
	return withBufferedMessages(memberContext.runtime.warn, (warn) =>
		action({ ...fleetType, memberContext: { ...memberContext, runtime: { ...memberContext.runtime, warn } } }),
	);
}

/** Does work on many objects, and says at the end, as one text that can be read, what there was to say. */
export async function withBufferedMessages<Result>(
	warn: (text: string) => void,
	action: (collect: (text: string) => void) => Promise<Result>,
): Promise<Result> {
	const messages: string[] = [];
	const result = await action((text) => void messages.push(text));
	if (messages.length > 0) warn(joinMessages(messages));
	return result;
}
