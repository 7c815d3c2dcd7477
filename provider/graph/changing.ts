import { isAmbiguous } from "../http/errors.ts";
import { AnswerLost, HalfDone, PreconditionFailed } from "../lifecycle/outcome.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { isSame, type ManagedField, type ManagedSet, managedOf } from "./autopilotIdentity.inputs.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { pauseAfter } from "./lost.ts";
import { isConflict, isContention, isGone, machineNamed } from "./machines.ts";
import type { Tenant } from "./tenant.ts";

/** A change of a machine: from what it was when it was read just now to what it is to be. */
export interface Change {
	readonly from: LiveMachine;
	readonly to: ManagedSet;
}

/** Sends a change by the routes of a strategy, without waiting for it to show. */
export type SendChange = (tenant: Tenant, change: Change) => Promise<void>;

/** How a strategy changes machines. */
export interface Manner {
	/** The fields that it can change. */
	readonly fields: readonly ManagedField[];
	readonly send: SendChange;
}

/** Before each look whether a change shows, in milliseconds: at once as a rule, minutes at times. */
const LOOKS = [0, 1_000, 2_000, 5_000, 10_000, 15_000];
/** A change that shows in part or not at all for so long, in milliseconds, is sent again: a first call was seen to do nothing. */
const NO_TRACE = 30_000;
/** A machine that shows what nobody here asked for, for so long, in milliseconds, was changed by somebody else too. */
const MIXED = 300_000;
/** How often a change is sent while answers are lost or Intune is busy, and how often where it takes it each time. */
const MOST = 6;
const MOST_TAKEN = 2;
/** A change that was taken for the last time may take so long to show, in milliseconds. */
const LATE = 600_000;
/** Before a write is sent again that Intune was too busy for, in milliseconds; it doubles. */
const BUSY = 2_000;

/**
 * Makes the machine as desired and waits until it shows. A write that Intune was too busy for, or whose answer was lost,
 * is sent again only after a look has shown each field as it was or as it is to be, for a change may be made in two steps;
 * what somebody else did meanwhile is not overwritten.
 */
export async function changed(tenant: Tenant, manner: Manner, { from, to }: Change): Promise<LiveMachine> {
	const wanted = (live: LiveMachine): boolean => shows(live, to, manner.fields);
	const between = (live: LiveMachine): boolean =>
		manner.fields.every((field) => shows(live, to, [field]) || shows(live, managedOf(from.values), [field]));
	if (wanted(from)) return from;
	let live = from;
	let last: Error | undefined;
	let doubt: Error | undefined;
	let sent = 0;
	for (let taken = 0; sent < MOST && taken < MOST_TAKEN; ) {
		const trouble = await sending(tenant, manner, { from: live, to });
		sent++;
		if (trouble === undefined) taken++;
		const busy = isContention(trouble);
		last = trouble ?? last;
		if (!busy) doubt = trouble ?? doubt;
		if (trouble !== undefined)
			await tenant.clock.sleep(busy ? jittered(tenant, BUSY * 2 ** (sent - 1)) : pauseAfter(trouble));
		const patience = taken === MOST_TAKEN ? LATE : NO_TRACE;
		live = await looked(tenant, { from, wanted, between, patience: busy ? 0 : patience, doubt });
		if (wanted(live)) return live;
	}
	throw new HalfDone(notConfirmed(from, sent, last), live);
}

/** Sends the change. Answers what went wrong if it may be sent again after a look, and throws what ends it. */
async function sending(tenant: Tenant, { send }: Manner, change: Change): Promise<Error | undefined> {
	try {
		await send(tenant, change);
		return undefined;
	} catch (error) {
		if (error instanceof Error && (isContention(error) || isAmbiguous(error))) return error;
		if (isGone(error) || isConflict(error)) throw new PreconditionFailed(error.message, { cause: error });
		throw error;
	}
}

interface Look {
	/** The machine as it was before anything was sent. */
	readonly from: LiveMachine;
	readonly wanted: (live: LiveMachine) => boolean;
	/** Whether each field is as it was or as it is to be. */
	readonly between: (live: LiveMachine) => boolean;
	/** How long to look at a machine that shows the change in part or not at all, in milliseconds; 0 where it was refused. */
	readonly patience: number;
	/** The latest lost answer, which is what is told where the machine can't be looked at. */
	readonly doubt: Error | undefined;
}

/** Looks until the change shows, or has not shown as a whole for so long that it must be sent again. */
async function looked({ machines, clock, deadline }: Tenant, look: Look): Promise<LiveMachine> {
	const { from, wanted, between, patience, doubt } = look;
	const named = machineNamed(from.values.serialNumber);
	const began = clock.now();
	const lookAfter = async (pause: number): Promise<LiveMachine | undefined> => {
		deadline.demand(pause, `the change of ${named} does not show yet.`);
		await clock.sleep(pause);
		return machines.get(from.id, named);
	};
	for (let looks = 0; ; looks++) {
		const pause = LOOKS[looks] ?? LOOKS.at(-1) ?? 0;
		const live = await lookAfter(pause).catch((error: unknown) => {
			throw doubt === undefined ? error : new AnswerLost(doubt, 0);
		});
		if (live === undefined) throw new PreconditionFailed(`${named} is no longer registered`);
		if (wanted(live)) return live;
		const waited = clock.now() - began;
		if (between(live)) {
			if (waited >= patience) return live;
		} else if (patience === 0 || waited >= MIXED) throw changedElsewhere(named);
	}
}

/** Whether the machine shows everything that it is to be. */
export function shows(live: LiveMachine, to: ManagedSet, fields: readonly ManagedField[]): boolean {
	const now = managedOf(live.values);
	return fields.every((field) => isSame(field, now[field], to[field]));
}

function changedElsewhere(named: string): PreconditionFailed {
	const next = "Run the command again: the plan shows what is so.";
	return new PreconditionFailed(`${named} was changed by somebody else at the same time. ${next}`);
}

function jittered({ clock }: Tenant, pause: number): number {
	return Math.round(pause * (0.5 + clock.random()));
}

function notConfirmed({ values }: LiveMachine, sent: number, trouble: Error | undefined): AutopilotError {
	const named = machineNamed(values.serialNumber);
	const last = trouble === undefined ? "" : ` (${trouble.message})`;
	return new AutopilotError(
		"NotConfirmed",
		`Changing ${named} can't be confirmed: the change was sent ${sent} times and does not show${last}. Run the command ` +
			"again later: the plan shows what is left to do.",
		trouble,
	);
}
