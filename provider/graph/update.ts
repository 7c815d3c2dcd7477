import { isOutcomeUnknown } from "../http/errors.ts";
import { PartiallyApplied, PreconditionFailed, ResponseLost } from "../resource/errors.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import {
	isSameManagedValue,
	type ManagedField,
	type ManagedValues,
	toManagedValues,
} from "./autopilotIdentity.inputs.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { describeMachine, isContention, isEtagMismatch, isNotFound } from "./machines.ts";
import type { OperationContext } from "./operationContext.ts";
import { getLostResponseDelay } from "./polling.ts";

/** A change of a machine: from what it was when it was read just now to what it is to be. */
export interface MachineUpdate {
	readonly from: LiveMachine;
	readonly to: ManagedValues;
}

/** Sends a change by the routes of a strategy, without waiting for it to show. */
export type SendUpdate = (tenant: OperationContext, change: MachineUpdate) => Promise<void>;

/** How a strategy changes machines. */
export interface ChangeStrategy {
	/** The fields that it can change. */
	readonly fields: readonly ManagedField[];
	readonly send: SendUpdate;
}

/** Before each look whether a change shows, in milliseconds: at once as a rule, minutes at times. */
const UPDATE_POLL_INTERVALS_MS = [0, 1_000, 2_000, 5_000, 10_000, 15_000];
/** A change that shows in part or not at all for so long, in milliseconds, is sent again: a first call was seen to do nothing. */
const RESEND_AFTER_MS = 30_000;
/** A machine that shows what nobody here asked for, for so long, in milliseconds, was changed by somebody else too. */
const FOREIGN_CHANGE_AFTER_MS = 300_000;
/** How often a change is sent while answers are lost or Intune is busy, and how often where it takes it each time. */
const MAX_UPDATE_ATTEMPTS = 6;
const MAX_ACCEPTED_UPDATES = 2;
/** A change that was taken for the last time may take so long to show, in milliseconds. */
const LAST_UPDATE_TIMEOUT_MS = 600_000;
/** Before a write is sent again that Intune was too busy for, in milliseconds; it doubles. */
const CONTENTION_DELAY_MS = 2_000;

/**
 * Makes the machine as desired and waits until it shows. A write that Intune was too busy for, or whose answer was lost,
 * is sent again only after a look has shown each field as it was or as it is to be, for a change may be made in two steps;
 * what somebody else did meanwhile is not overwritten.
 */
export async function updateMachine(
	context: OperationContext,
	strategy: ChangeStrategy,
	{ from, to }: MachineUpdate,
): Promise<LiveMachine> {
	const isApplied = (live: LiveMachine): boolean => hasManagedValues(live, to, strategy.fields);
	const isPartlyApplied = (live: LiveMachine): boolean =>
		strategy.fields.every(
			(field) =>
				hasManagedValues(live, to, [field]) || hasManagedValues(live, toManagedValues(from.values), [field]),
		);
	if (isApplied(from)) return from;
	let current = from;
	let lastError: Error | undefined;
	let lostResponse: Error | undefined;
	let attempts = 0;
	for (let acceptedUpdates = 0; attempts < MAX_UPDATE_ATTEMPTS && acceptedUpdates < MAX_ACCEPTED_UPDATES; ) {
		const retryableError = await trySendUpdate(context, strategy, { from: current, to });
		attempts++;
		if (retryableError === undefined) acceptedUpdates++;
		const wasBusy = isContention(retryableError);
		lastError = retryableError ?? lastError;
		if (!wasBusy) lostResponse = retryableError ?? lostResponse;
		if (retryableError !== undefined)
			await context.clock.sleep(
				wasBusy
					? addJitter(context, CONTENTION_DELAY_MS * 2 ** (attempts - 1))
					: getLostResponseDelay(retryableError),
			);
		const timeoutMs = acceptedUpdates === MAX_ACCEPTED_UPDATES ? LAST_UPDATE_TIMEOUT_MS : RESEND_AFTER_MS;
		current = await waitUntilApplied(context, {
			from,
			isApplied,
			isPartlyApplied,
			timeoutMs: wasBusy ? 0 : timeoutMs,
			lostResponse,
		});
		if (isApplied(current)) return current;
	}
	throw new PartiallyApplied(createUpdateNotConfirmedError(from, attempts, lastError), current);
}

/** Sends the change. Answers what went wrong if it may be sent again after a look, and throws what ends it. */
async function trySendUpdate(
	context: OperationContext,
	{ send }: ChangeStrategy,
	update: MachineUpdate,
): Promise<Error | undefined> {
	try {
		await send(context, update);
		return undefined;
	} catch (error) {
		if (error instanceof Error && (isContention(error) || isOutcomeUnknown(error))) return error;
		if (isNotFound(error) || isEtagMismatch(error))
			throw new PreconditionFailed(error.message, { cause: error });
		throw error;
	}
}

interface UpdateWaitOptions {
	/** The machine as it was before anything was sent. */
	readonly from: LiveMachine;
	readonly isApplied: (live: LiveMachine) => boolean;
	/** Whether each field is as it was or as it is to be. */
	readonly isPartlyApplied: (live: LiveMachine) => boolean;
	/** How long to look at a machine that shows the change in part or not at all, in milliseconds; 0 where it was refused. */
	readonly timeoutMs: number;
	/** The latest lost answer, which is what is told where the machine can't be looked at. */
	readonly lostResponse: Error | undefined;
}

/** Looks until the change shows, or has not shown as a whole for so long that it must be sent again. */
async function waitUntilApplied(
	{ machines, clock, deadline }: OperationContext,
	options: UpdateWaitOptions,
): Promise<LiveMachine> {
	const { from, isApplied, isPartlyApplied, timeoutMs, lostResponse } = options;
	const machineLabel = describeMachine(from.values.serialNumber);
	const startedAt = clock.now();
	const readAfter = async (pause: number): Promise<LiveMachine | undefined> => {
		deadline.requireRemainingMs(pause, `the change of ${machineLabel} does not show yet.`);
		await clock.sleep(pause);
		return machines.get(from.id, machineLabel);
	};
	for (let reads = 0; ; reads++) {
		const pause = UPDATE_POLL_INTERVALS_MS[reads] ?? UPDATE_POLL_INTERVALS_MS.at(-1) ?? 0;
		const live = await readAfter(pause).catch((error: unknown) => {
			throw lostResponse === undefined ? error : new ResponseLost(lostResponse, 0);
		});
		if (live === undefined) throw new PreconditionFailed(`${machineLabel} is no longer registered`);
		if (isApplied(live)) return live;
		const waitedMs = clock.now() - startedAt;
		if (isPartlyApplied(live)) {
			if (waitedMs >= timeoutMs) return live;
		} else if (timeoutMs === 0 || waitedMs >= FOREIGN_CHANGE_AFTER_MS)
			throw createConflictError(machineLabel);
	}
}

/** Whether the machine shows everything that it is to be. */
export function hasManagedValues(
	live: LiveMachine,
	to: ManagedValues,
	fields: readonly ManagedField[],
): boolean {
	const current = toManagedValues(live.values);
	return fields.every((field) => isSameManagedValue(field, current[field], to[field]));
}

function createConflictError(machineLabel: string): PreconditionFailed {
	const advice = "Run the command again: the plan shows what is so.";
	return new PreconditionFailed(`${machineLabel} was changed by somebody else at the same time. ${advice}`);
}

function addJitter({ clock }: OperationContext, delayMs: number): number {
	return Math.round(delayMs * (0.5 + clock.random()));
}

function createUpdateNotConfirmedError(
	{ values }: LiveMachine,
	attempts: number,
	lastError: Error | undefined,
): AutopilotError {
	const machineLabel = describeMachine(values.serialNumber);
	const detail = lastError === undefined ? "" : ` (${lastError.message})`;
	return new AutopilotError(
		"NotConfirmed",
		`Changing ${machineLabel} can't be confirmed: the change was sent ${attempts} times and does not show${detail}. Run the command ` +
			"again later: the plan shows what is left to do.",
		lastError,
	);
}
