import { PartialError } from "../resource/errors.ts";
import { formatNameList, listFirst } from "../text/quantities.ts";
import { formatMemberErrors } from "./failures.ts";
import { type FleetPlan, type FleetType, withRuntime } from "./fleetType.ts";
import { fitOutputsToError } from "./memberState.ts";

/** How many names of members a message lists. */
export const MAX_LISTED_NAMES = 12;

/** How many messages, each of several lines, a message lists. */
const MAX_LISTED_MESSAGES = 20;

/** The nouns for one member and for several. */
export interface MemberNouns {
	readonly memberNoun: string;
	readonly membersProperty: string;
}

/** Returns `3 devices to create (a, b, c), 1 to delete (d)`; undefined where the plan does nothing. */
export function formatFleetPlan(
	nouns: MemberNouns,
	plan: Omit<FleetPlan, "changedScopes">,
): string | undefined {
	const { rekeyedCount } = plan;
	const rekeyedNote = rekeyedCount > 0 ? `; ${rekeyedCount} with other credentials` : "";
	const steps = [
		{ names: plan.added, action: "to create", note: "" },
		{ names: plan.changed, action: "to change", note: rekeyedNote },
		{ names: plan.replaced, action: "to replace", note: "" },
		{ names: plan.removed, action: "to delete", note: "" },
		{ names: plan.handedOver, action: "to leave to another resource", note: "" },
		{ names: plan.renamed, action: "to rename in state", note: "" },
	].filter(({ names }) => names.length > 0);
	if (steps.length === 0) return undefined;
	return steps
		.map(({ names, action, note }, index) => {
			const count = index === 0 ? formatMemberCount(nouns, names.length) : String(names.length);
			return `${count} ${action} (${formatNameList(names, MAX_LISTED_NAMES)}${note})`;
		})
		.join(", ");
}

/** Returns `1 device` or `2 devices`. */
export function formatMemberCount({ memberNoun, membersProperty }: MemberNouns, count: number): string {
	return `${count} ${count === 1 ? memberNoun : membersProperty}`;
}

/** Returns the first messages, one below the other, and how many more there are. */
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

/** The shortest time between two reports. */
const REPORT_INTERVAL_MS = 10_000;

/**
 * Reports the progress of work on many objects, with a rate and the time left, at most every ten seconds. It does not report
 * where all objects are processed at once, since no rate can be measured then.
 */
export class ProgressReporter {
	readonly #noun: string;
	readonly #total: number;
	readonly #isEnabled: boolean;
	readonly #now: () => number;
	readonly #warn: (text: string) => void;
	readonly #startedAtMs: number;
	#lastReportAtMs: number;
	#done = 0;

	/**
	 * @param noun the plural noun for the objects: `devices`
	 * @param size how many objects there are, and how many are processed at a time
	 */
	constructor(
		noun: string,
		{ total, concurrency }: { total: number; concurrency: number },
		runtime: { now(): number; warn(text: string): void },
	) {
		this.#noun = noun;
		this.#total = total;
		this.#isEnabled = total > concurrency;
		this.#now = runtime.now;
		this.#warn = runtime.warn;
		this.#startedAtMs = runtime.now();
		this.#lastReportAtMs = this.#startedAtMs;
	}

	/** Counts one object as done, and reports when it is time. */
	completeOne(): void {
		this.#done++;
		const now = this.#now();
		if (!this.#isEnabled || now - this.#lastReportAtMs < REPORT_INTERVAL_MS || this.#done >= this.#total)
			return;
		this.#lastReportAtMs = now;
		const rate = this.#done / ((now - this.#startedAtMs) / 1_000);
		const secondsLeft = Math.round((this.#total - this.#done) / rate);
		this.#warn(
			`${this.#done} of ${this.#total} ${this.#noun}, ${formatRate(rate)}, about ${formatDuration(secondsLeft)} left`,
		);
	}
}

function formatRate(perSecond: number): string {
	return perSecond < 0.1 ? `${(60 * perSecond).toFixed(1)} a minute` : `${perSecond.toFixed(1)} a second`;
}

function formatDuration(seconds: number): string {
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Some members of a fleet failed or were not tried; the others succeeded, and state has them. */
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
 * Returns the error of a fleet of which some members failed, with the outputs that state is to keep. Where they are more than
 * an error can carry, state stays as it was, and the next run finds out what this one did.
 */
export function createPartialFailure<Inputs extends object>(
	fleetType: Pick<FleetType<Inputs>, "membersProperty" | "sharedFields" | "messageLimits">,
	{ id, outs, error }: { id: string; outs: Record<string, unknown>; error: FleetError },
): Error {
	const properties = fitOutputsToError(fleetType, outs);
	if (properties !== undefined) return new PartialError(id, properties, error);
	const summary =
		`The fleet is so large that Pulumi can't be told together with a failure what succeeded, so state is as it was before this ` +
		`run. Run the command again: it recognizes the ${fleetType.membersProperty} that this run dealt with. Smaller fleets do not need that.\n` +
		error.summary;
	return new FleetError(summary, error.failed);
}
