import { isOutcomeUnknown } from "../http/errors.ts";
import { findLongWait } from "../http/retryAfter.ts";
import { PartiallyApplied, PreconditionFailed } from "../resource/errors.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import {
	isSameManagedValue,
	type ManagedField,
	type ManagedValues,
	toManagedValues,
} from "./autopilotIdentity.inputs.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { hasUnreadUser } from "./contentEtag.ts";
import { isContention, isEtagMismatch, isNotFound } from "./errors.ts";
import { describeMachine } from "./machines.ts";
import type { GraphOperationContext } from "./operationContext.ts";
import { createResponseLost, getLostResponseDelay } from "./polling.ts";
import type { MachineUpdate, Strategy } from "./strategy.ts";
import { assumeUser, lacksOnlyUser, mayBeUnread } from "./unreadUser.ts";

/** Delays before each read of an updated machine, in milliseconds. An update is usually visible at once, but can take minutes. */
const UPDATE_POLL_INTERVALS_MS = [0, 1_000, 2_000, 5_000, 10_000, 15_000];
/** How long an update can be incomplete before it is sent again, in milliseconds. Observed: a first call had no effect. */
const RESEND_AFTER_MS = 30_000;
/** How long a machine can show other values before somebody else is known to have changed it, in milliseconds. */
const FOREIGN_CHANGE_AFTER_MS = 300_000;
/** The maximum number of times that an update is sent, and that Intune accepts it. */
const MAX_UPDATE_ATTEMPTS = 6;
const MAX_ACCEPTED_UPDATES = 2;
/** How long an update that was accepted for the last time can take to become visible, in milliseconds. */
const LAST_UPDATE_TIMEOUT_MS = 600_000;
/** Delay before a write that Intune was too busy for is sent again, in milliseconds; it doubles each time. */
const CONTENTION_DELAY_MS = 2_000;

/**
 * Updates a machine and waits until reads show the new values. A write that Intune was too busy for, or whose
 * response was lost, is retried only after a read has shown that each field has its previous or its desired value, because a
 * change can take two steps. Changes by others are not overwritten.
 */
export async function updateMachine(
	context: GraphOperationContext,
	update: MachineUpdate,
): Promise<LiveMachine> {
	const { clock, strategy } = context;
	const { from, to } = update;
	if (hasManagedValues(from, to, strategy.fields)) return from;
	let current = from;
	let lastError: Error | undefined;
	let lostResponse: Error | undefined;
	let attempts = 0;
	for (let acceptedUpdates = 0; attempts < MAX_UPDATE_ATTEMPTS && acceptedUpdates < MAX_ACCEPTED_UPDATES; ) {
		const result = await trySendUpdate(strategy, { from: current, to });
		attempts++;
		switch (result.kind) {
			case "accepted": {
				acceptedUpdates++;
				const isLast = acceptedUpdates === MAX_ACCEPTED_UPDATES;
				const timeoutMs = isLast ? LAST_UPDATE_TIMEOUT_MS : RESEND_AFTER_MS;
				current = await waitUntilApplied(context, update, { timeoutMs, lostResponse, isAccepted: true });
				if (
					lacksOnlyUser(update, current, strategy.fields) &&
					(isLast || isUserKnownUnread(context, update))
				) {
					context.unreadUsers.note(describeMachine(from.values.serialNumber));
					return assumeUser(current, to.assignedUserPrincipalName);
				}
				break;
			}
			case "lost":
				lastError = result.error;
				lostResponse = result.error;
				await clock.sleep(getLostResponseDelay(result.error));
				current = await waitUntilApplied(context, update, { timeoutMs: RESEND_AFTER_MS, lostResponse });
				refuseToResend(context, update, { current, error: result.error });
				break;
			case "busy":
				lastError = result.error;
				await clock.sleep(addJitter(context, CONTENTION_DELAY_MS * 2 ** (attempts - 1)));
				current = await readAfter(context, update, { delayMs: 0, lostResponse });
				if (!isUntouchedByOthers(context, update, current)) throw createConflictError(from);
		}
		if (hasManagedValues(current, to, strategy.fields)) return current;
	}
	throw new PartiallyApplied(createUpdateNotConfirmedError(from, attempts, lastError), current);
}

/** Throws if the update is not applied and the service asks to wait for longer than the operation has before it is sent again. */
function refuseToResend(
	{ deadline, strategy }: GraphOperationContext,
	{ to }: MachineUpdate,
	{ current, error }: { readonly current: LiveMachine; readonly error: Error },
): void {
	const longWait = findLongWait(error, deadline);
	if (longWait !== undefined && !hasManagedValues(current, to, strategy.fields))
		throw new PartiallyApplied(longWait, current);
}

/** The outcome of a write that does not end the update. */
type SendResult =
	| { readonly kind: "accepted" }
	/** Intune was changing the machine itself, and refused the write. */
	| { readonly kind: "busy"; readonly error: Error }
	/** The response was lost, so the write may have been applied. */
	| { readonly kind: "lost"; readonly error: Error };

/** Sends an update. Throws an error that ends the update. */
async function trySendUpdate(strategy: Strategy, update: MachineUpdate): Promise<SendResult> {
	try {
		await strategy.sendUpdate(update);
		return { kind: "accepted" };
	} catch (error) {
		if (isContention(error)) return { kind: "busy", error };
		if (error instanceof Error && isOutcomeUnknown(error)) return { kind: "lost", error };
		if (isNotFound(error) || isEtagMismatch(error))
			throw new PreconditionFailed(error.message, { cause: error });
		throw error;
	}
}

/** Reads the machine until it shows the update, or until the update has been incomplete for so long that it must be sent again. */
async function waitUntilApplied(
	context: GraphOperationContext,
	update: MachineUpdate,
	{
		timeoutMs,
		lostResponse,
		isAccepted = false,
	}: { timeoutMs: number; lostResponse: Error | undefined; isAccepted?: boolean },
): Promise<LiveMachine> {
	const { clock, strategy } = context;
	const startedAt = clock.now();
	for (let reads = 0; ; reads++) {
		const delayMs = UPDATE_POLL_INTERVALS_MS[reads] ?? UPDATE_POLL_INTERVALS_MS.at(-1) ?? 0;
		const live = await readAfter(context, update, { delayMs, lostResponse });
		if (hasManagedValues(live, update.to, strategy.fields)) return live;
		const waitedMs = clock.now() - startedAt;
		if (isAccepted && lacksOnlyUser(update, live, strategy.fields)) {
			if (isUserKnownUnread(context, update) || waitedMs >= RESEND_AFTER_MS) return live;
			continue;
		}
		const isUntouched = isUntouchedByOthers(context, update, live);
		if (isUntouched && waitedMs >= timeoutMs) return live;
		if (!isUntouched && waitedMs >= FOREIGN_CHANGE_AFTER_MS) throw createConflictError(update.from);
	}
}

/**
 * Reads the machine after a delay.
 *
 * @param lostResponse the latest lost response, which is reported if the machine cannot be read
 */
async function readAfter(
	{ machines, clock, deadline }: GraphOperationContext,
	{ from }: MachineUpdate,
	{ delayMs, lostResponse }: { delayMs: number; lostResponse: Error | undefined },
): Promise<LiveMachine> {
	const machineLabel = describeMachine(from.values.serialNumber);
	const read = async (): Promise<LiveMachine | undefined> => {
		deadline.requireRemainingMs(delayMs, `the change of ${machineLabel} is not visible yet.`);
		await clock.sleep(delayMs);
		return machines.get(from.id, machineLabel);
	};
	const live = await read().catch((error: unknown) => {
		throw lostResponse === undefined ? error : createResponseLost(lostResponse, deadline);
	});
	if (live === undefined) throw new PreconditionFailed(`${machineLabel} is no longer registered`);
	return live;
}

/** Whether it is known that the service does not show the user of an update, so that there is nothing to wait for. */
function isUserKnownUnread({ unreadUsers }: GraphOperationContext, { from, to }: MachineUpdate): boolean {
	const isKept = isSameManagedValue(
		"assignedUserPrincipalName",
		from.values.assignedUserPrincipalName ?? "",
		to.assignedUserPrincipalName,
	);
	return unreadUsers.isKnown || (isKept && hasUnreadUser(from.etag));
}

/** Whether each field has its value from before the update or its desired value. */
function isUntouchedByOthers(
	{ strategy }: GraphOperationContext,
	{ from, to }: MachineUpdate,
	live: LiveMachine,
): boolean {
	const before = toManagedValues(from.values);
	const isUnread = mayBeUnread({ from, to }, toManagedValues(live.values));
	return strategy.fields.every(
		(field) =>
			hasManagedValues(live, to, [field]) ||
			hasManagedValues(live, before, [field]) ||
			(isUnread && field === "assignedUserPrincipalName"),
	);
}

/** Whether the machine has these values in all of these fields. */
export function hasManagedValues(
	live: LiveMachine,
	to: ManagedValues,
	fields: readonly ManagedField[],
): boolean {
	const current = toManagedValues(live.values);
	return fields.every((field) => isSameManagedValue(field, current[field], to[field]));
}

function createConflictError({ values }: LiveMachine): PreconditionFailed {
	const machineLabel = describeMachine(values.serialNumber);
	const advice = "Run the command again: the plan shows the current values.";
	return new PreconditionFailed(`${machineLabel} was changed by somebody else at the same time. ${advice}`);
}

function addJitter({ clock }: GraphOperationContext, delayMs: number): number {
	return Math.round(delayMs * (0.5 + clock.random()));
}

function createUpdateNotConfirmedError(
	{ values }: LiveMachine,
	attempts: number,
	lastError: Error | undefined,
): AutopilotError {
	const machineLabel = describeMachine(values.serialNumber);
	const detail = lastError === undefined ? "" : ` (${lastError.message.replace(/\.$/, "")})`;
	return new AutopilotError(
		"NotConfirmed",
		`Changing ${machineLabel} cannot be confirmed: the change was sent ${attempts} times but is not visible${detail}. Run the command ` +
			"again later: the plan shows what remains to be done.",
		lastError,
	);
}
