import type { Clock } from "./clock.ts";
import { ConnectionLost, isServerFault, NotConnected, UnreadableAnswer } from "./errors.ts";
import type { Policy, Request, Response, Send } from "./message.ts";
import { retryAfter } from "./retryAfter.ts";

/** The numbers of the retry policy, each with its reason. All times in milliseconds. */
export const RETRY = {
	/** IoT Hub's throttling text asks for ten seconds and sends no Retry-After. */
	throttledBase: 10_000,
	/** Longer pauses would only idle: meters are counted by the minute. */
	throttledCap: 60_000,
	/** Passing trouble of a gateway is over in seconds. */
	transientBase: 1_000,
	transientCap: 20_000,
	/** Trouble that outlasts half a minute does not pass by itself. */
	transientTries: 6,
	/** A refused connection is a wrong host or a service that is down: known soon. */
	connectTries: 4,
} as const;

type Outcome = { readonly response: Response } | { readonly error: unknown };

/**
 * Sends again what may be sent again: anything that the service said it did not carry out (429) or never saw, and
 * reads after any trouble. A write whose outcome is unknown is never repeated here; its caller settles it by reading.
 */
export function retry(clock: Clock): Policy {
	return (next) => async (request) => {
		for (let tried = 1; ; tried++) {
			request.deadline.demand(0);
			const outcome = await attempt(next, request);
			const pause = pauseAfter(outcome, { request, tried, clock });
			if (pause === undefined) return settle(outcome);
			request.deadline.demand(pause, reasonOf(outcome));
			await clock.sleep(pause);
		}
	};
}

async function attempt(next: Send, request: Request): Promise<Outcome> {
	try {
		return { response: await next(request) };
	} catch (error) {
		return { error };
	}
}

function settle(outcome: Outcome): Response {
	if ("error" in outcome) throw outcome.error;
	return outcome.response;
}

function reasonOf(outcome: Outcome): string {
	if ("response" in outcome) return `the service answered ${outcome.response.status}`;
	return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}

interface Situation {
	readonly request: Request;
	readonly tried: number;
	readonly clock: Clock;
}

function pauseAfter(outcome: Outcome, situation: Situation): number | undefined {
	return "response" in outcome
		? afterAnswer(outcome.response, situation)
		: afterError(outcome.error, situation);
}

function afterAnswer(response: Response, { request, tried, clock }: Situation): number | undefined {
	const { status } = response;
	const throttled = status === 429 || (status === 503 && request.repeatable);
	if (throttled) return retryAfter(response, clock.now()) ?? throttledPause(tried, clock);
	if (!isServerFault(status) || !request.repeatable || tried >= RETRY.transientTries) return undefined;
	return transientPause(tried, clock);
}

function afterError(error: unknown, { request, tried, clock }: Situation): number | undefined {
	if (error instanceof NotConnected) {
		return error.passing && tried < RETRY.connectTries ? transientPause(tried, clock) : undefined;
	}
	const broken = error instanceof ConnectionLost || error instanceof UnreadableAnswer;
	return broken && request.repeatable && tried < RETRY.transientTries
		? transientPause(tried, clock)
		: undefined;
}

/** Ten seconds at least, and a growing random part so that a fleet does not come back all at once. */
function throttledPause(tried: number, clock: Clock): number {
	return (
		RETRY.throttledBase +
		jittered(RETRY.throttledBase * 2 ** (tried - 1), RETRY.throttledCap - RETRY.throttledBase, clock)
	);
}

function transientPause(tried: number, clock: Clock): number {
	return jittered(RETRY.transientBase * 2 ** (tried - 1), RETRY.transientCap, clock);
}

function jittered(bound: number, cap: number, clock: Clock): number {
	return Math.round(clock.random() * Math.min(bound, cap));
}
