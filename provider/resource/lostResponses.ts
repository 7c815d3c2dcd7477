import { getDisplayName, type ResourceContext, type RuntimeContext } from "./context.ts";
import { ResourceOperationError, type ResponseLost } from "./errors.ts";
import type { LiveObject, ResourceApi, Target } from "./resourceType.ts";

/** How many responses of one operation may be lost: a service that fails more often does not fail temporarily. */
const MAX_LOST_RESPONSES = 6;
/** The shortest and the longest single pause, in milliseconds. */
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** Retry budget for lost responses: the delay before each read doubles, and the number of lost responses is bounded. */
export class LostResponseRetry {
	readonly #runtime: RuntimeContext;
	#lostResponses = 0;

	constructor(runtime: RuntimeContext) {
		this.#runtime = runtime;
	}

	/** Waits before the object is read. */
	async wait(lostResponse: ResponseLost): Promise<void> {
		const pauseMs = Math.max(MIN_PAUSE_MS, lostResponse.pauseMs) * 2 ** this.#lostResponses;
		await this.#runtime.sleep(Math.min(MAX_PAUSE_MS, pauseMs));
		this.#lostResponses++;
	}

	/** Returns if a write that was not applied may be sent again; throws its refusal, or its cause if too many responses were lost. */
	allowRetry(lostResponse: ResponseLost): void {
		if (lostResponse.refusal !== undefined) throw lostResponse.refusal;
		if (this.#lostResponses >= MAX_LOST_RESPONSES) throw lostResponse.cause;
	}
}

/** A write whose response was lost. */
export interface LostWrite {
	/** What the write was meant to do, as a participle for messages: `created`. */
	readonly attempted: "created" | "updated" | "deleted";
	/** The error that the write ended with. */
	readonly lostResponse: Error;
	/** What the next run does or needs if the object cannot be read either, as the end of a sentence. */
	readonly nextStep: string;
}

/**
 * Reads the object after the response of a write was lost.
 *
 * @throws ResourceOperationError OutcomeUnknown if the object cannot be read either
 */
export async function readAfterLostResponse<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	{ api, target }: { readonly api: ResourceApi<Inputs>; readonly target: Target },
	write: LostWrite,
): Promise<LiveObject<Inputs> | undefined> {
	return api.get(target).catch((cause: unknown) => {
		throw createOutcomeUnknownError(ctx, target, { ...write, cause });
	});
}

function createOutcomeUnknownError<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ attempted, lostResponse, cause, nextStep }: LostWrite & { readonly cause: unknown },
): ResourceOperationError {
	return new ResourceOperationError(
		"OutcomeUnknown",
		`${getDisplayName(ctx, target)} may or may not have been ${attempted}: the response was lost (${lostResponse.message}), and reading the ` +
			`object failed (${cause instanceof Error ? cause.message : String(cause)}). Once the service responds, run the ` +
			`command again${nextStep}`,
		cause,
	);
}
