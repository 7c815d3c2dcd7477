import { formatWithCode, PartialError } from "../resource/errors.ts";
import type { FleetPlan, FleetType } from "./fleetType.ts";
import { fitOutputsToError } from "./memberState.ts";

/** How many names, and how many texts of several lines, a message lists. */
const MAX_LISTED_NAMES = 12;
const MAX_LISTED_MESSAGES = 20;

/** What members are called, one and many. */
export interface MemberNouns {
	readonly memberNoun: string;
	readonly membersProperty: string;
}

/** `3 devices to create (a, b, c), 1 to delete (d)`; undefined where there is nothing to do. */
export function formatFleetPlan(
	nouns: MemberNouns,
	{ added, changed, replaced, removed, handedOver, renamed, rekeyedCount }: Omit<FleetPlan, "scopes">,
): string | undefined {
	const steps = [
		{ names: added, what: "to create", besides: "" },
		{
			names: changed,
			what: "to change",
			besides: rekeyedCount > 0 ? `; ${rekeyedCount} with other credentials` : "",
		},
		{ names: replaced, what: "to replace", besides: "" },
		{ names: removed, what: "to delete", besides: "" },
		{ names: handedOver, what: "to leave to another resource", besides: "" },
		{ names: renamed, what: "to rename in state", besides: "" },
	].filter(({ names }) => names.length > 0);
	if (steps.length === 0) return undefined;
	return steps
		.map(({ names, what, besides }, at) => {
			const count = at === 0 ? formatMemberCount(nouns, names.length) : String(names.length);
			return `${count} ${what} (${formatNameList(names)}${besides})`;
		})
		.join(", ");
}

/** `1 device`, `2 devices`. */
export function formatMemberCount({ memberNoun, membersProperty }: MemberNouns, count: number): string {
	return `${count} ${count === 1 ? memberNoun : membersProperty}`;
}

/** `a, b, c and 7 more`. */
export function formatNameList(names: readonly string[]): string {
	const shown = names.slice(0, MAX_LISTED_NAMES).join(", ");
	return names.length > MAX_LISTED_NAMES ? `${shown} and ${names.length - MAX_LISTED_NAMES} more` : shown;
}

/** Texts below each other, and how many more there are. */
export function joinMessages(messages: readonly string[]): string {
	const more =
		messages.length > MAX_LISTED_MESSAGES ? [`and ${messages.length - MAX_LISTED_MESSAGES} more`] : [];
	return [...messages.slice(0, MAX_LISTED_MESSAGES), ...more].join("\n");
}

/** Does the work with a kind whose members speak to a list, and says at the end what they said, as one text that can be read. */
export async function withBufferedMemberMessages<Inputs extends object, Result>(
	fleetType: FleetType<Inputs>,
	action: (quiet: FleetType<Inputs>) => Promise<Result>,
): Promise<Result> {
	const { memberContext } = fleetType;
	return withBufferedMessages(memberContext.runtime.warn, (warn) =>
		action({
			...fleetType,
			memberContext: { ...memberContext, runtime: { ...memberContext.runtime, warn } },
		}),
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

/** How long nothing is said, in milliseconds. */
const REPORT_INTERVAL_MS = 10_000;

/**
 * Says how far the work on many objects is, with a rate and the time left, one line every ten seconds at most. Of work that
 * is all under way at once nobody can tell: its rate is none.
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
	 * @param what what is worked on: `devices`
	 * @param atOnce how many of them at a time
	 */
	constructor(
		what: string,
		{ total, atOnce: concurrency }: { total: number; atOnce: number },
		runtime: { now(): number; warn(text: string): void },
	) {
		this.#noun = what;
		this.#total = total;
		this.#isEnabled = total > concurrency;
		this.#now = runtime.now;
		this.#warn = runtime.warn;
		this.#startedAtMs = runtime.now();
		this.#lastReportAtMs = this.#startedAtMs;
	}

	/** One more is done. */
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

/** @param perSecond a second */
function formatRate(perSecond: number): string {
	return perSecond < 0.1 ? `${(60 * perSecond).toFixed(1)} a minute` : `${perSecond.toFixed(1)} a second`;
}

function formatDuration(seconds: number): string {
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Some members of a fleet could not be dealt with; the others were, and state knows which. */
export class FleetError extends Error {
	override readonly name = "FleetError";
	readonly code = "FleetError";
	/** What went wrong with each, by id. */
	readonly failed: ReadonlyMap<string, Error>;
	/** What was to be done. */
	readonly summary: string;

	/** @param what what was to be done, as the beginning of a sentence: `12 of 500 devices failed` */
	constructor(what: string, failed: ReadonlyMap<string, Error>) {
		const lines = [...failed].map(([id, error]) => `    ${id}: ${formatWithCode(error)}`);
		super(`${what}:\n${joinMessages(lines)}`, { cause: [...failed.values()][0] });
		this.failed = failed;
		this.summary = what;
	}
}

/**
 * The error of a fleet of which some members failed, with what state is to keep of the others; where that is more than an
 * error can carry, state stays as it was, and the next run finds out what this one did.
 *
 * @param outs what state is to keep
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
