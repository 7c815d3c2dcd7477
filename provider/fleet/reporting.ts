import { PartialError } from "../resource/errors.ts";
import { listFirst } from "../text/quantities.ts";
import { formatFailureCounts, formatMemberErrors, type MemberFailures } from "./failures.ts";
import { type FleetType, withRuntime } from "./fleetType.ts";
import { fitOutputsToError } from "./memberState.ts";

/** The maximum number of messages, each of several lines, that are joined. */
const MAX_LISTED_MESSAGES = 20;

/** The nouns for one member and for several. */
export interface MemberNouns {
	readonly memberNoun: string;
	readonly membersProperty: string;
}

/** Returns `1 device` or `2 devices`. */
export function formatMemberCount({ memberNoun, membersProperty }: MemberNouns, count: number): string {
	return `${count} ${count === 1 ? memberNoun : membersProperty}`;
}

/** Returns the first messages, each on a line of its own, and the number of further ones. */
export function joinMessages(messages: readonly string[]): string {
	return listFirst(messages, MAX_LISTED_MESSAGES, (message) => message).join("\n");
}

/** Runs the action with a fleet type that collects the members' warnings, then warns once with all of them. */
export async function withBufferedMemberMessages<Inputs extends object, Result>(
	fleetType: FleetType<Inputs>,
	action: (bufferedType: FleetType<Inputs>) => Promise<Result>,
): Promise<Result> {
	return withBufferedMessages(fleetType.memberContext.runtime.warn, (warn) =>
		action(withRuntime(fleetType, { warn })),
	);
}

/** Runs the action with a function that collects warnings, then warns once with all of them, even if the action fails. */
export async function withBufferedMessages<Result>(
	warn: (text: string) => void,
	action: (collect: (text: string) => void) => Promise<Result>,
): Promise<Result> {
	const messages: string[] = [];
	try {
		return await action((text) => void messages.push(text));
	} finally {
		if (messages.length > 0) warn(joinMessages(messages));
	}
}

/** The error of a fleet of which some members failed or were not tried. The others succeeded, and state has them. */
export class FleetError extends Error {
	override readonly name = "FleetError";
	readonly code = "FleetError";
	/** The error of each failed member, by name. */
	readonly failed: ReadonlyMap<string, Error>;
	/** The message without the errors of the members. */
	readonly summary: string;

	/** @param summary the beginning of the message: `12 of 500 devices failed` */
	constructor(summary: string, failed: ReadonlyMap<string, Error>) {
		super(`${summary}:\n${joinMessages(formatMemberErrors(failed))}`, { cause: [...failed.values()][0] });
		this.failed = failed;
		this.summary = summary;
	}
}

/**
 * Creates the error for the members that failed, with the number of those that were not tried.
 *
 * @param options `verb`: the verb for failed members, such as `failed`; `total`: the number of all members, by default not mentioned;
 *   `note`: the end of the summary, by default empty
 */
export function createFleetError(
	nouns: MemberNouns,
	failures: MemberFailures,
	{ verb, total, note = "" }: { readonly verb: string; readonly total?: number; readonly note?: string },
): FleetError {
	const subject = (count: number): string =>
		total === undefined ? formatMemberCount(nouns, count) : `${count} of ${formatMemberCount(nouns, total)}`;
	return new FleetError(`${formatFailureCounts(failures, { subject, verb })}${note}`, failures.failed);
}

/** Throws if a member cannot be planned, because `onDrift` forbids its change or because it cannot be read. */
export function throwIfAnyFailed(nouns: MemberNouns, failures: MemberFailures): void {
	if (failures.failed.size > 0) throw createFleetError(nouns, failures, { verb: "cannot be planned" });
}

/**
 * Returns the error of a fleet of which some members failed, with the outputs for state. If the outputs are larger than an error
 * can carry, state stays as it was, and the next run finds out what this one did.
 */
export function createPartialFailure<Inputs extends object>(
	fleetType: Pick<FleetType<Inputs>, "membersProperty" | "sharedFields" | "messageLimits">,
	{ id, outs, error }: { id: string; outs: Record<string, unknown>; error: FleetError },
): Error {
	const properties = fitOutputsToError(fleetType, outs);
	if (properties !== undefined) return new PartialError(id, properties, error);
	const summary =
		`The fleet is so large that Pulumi cannot receive its new state together with an error, so state is as it was before this run. ` +
		`Run the command again: it recognizes the ${fleetType.membersProperty} that this run processed. Smaller fleets do not need this.\n` +
		error.summary;
	return new FleetError(summary, error.failed);
}
