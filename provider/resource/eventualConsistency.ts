import type { Values } from "../values.ts";
import type { ResourceContext, RuntimeContext } from "./context.ts";
import type { ResourceType } from "./resourceType.ts";

/** So long after its making, in milliseconds, an object may still be answered as missing. */
const MAX_VISIBILITY_DELAY_MS = 60_000;
/** How often to look at an object that the service said exists, and at one that is merely expected. */
const MAX_READS = { known: 5, expected: 3 } as const;
const READ_INTERVAL_MS = 1_000;

/**
 * Looks a few times before "there is none" is believed: a registry may take seconds to show what it just made.
 *
 * @param expectation how it comes that the object should be there: the service said so, or a recent answer did
 */
export async function retryUntilFound<Found>(
	runtime: Pick<RuntimeContext, "sleep">,
	expectation: keyof typeof MAX_READS,
	read: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
	for (let reads = 1; reads < MAX_READS[expectation]; reads++) {
		const found = await read();
		if (found !== undefined) return found;
		await runtime.sleep(READ_INTERVAL_MS);
	}
	return read();
}

/**
 * Looks at an object that state knows: a few times where it was made so recently that its absence must be looked at twice.
 *
 * @param outputs the object as state has it
 */
export function readWithRetry<Inputs extends object, Found>(
	{ resourceType, runtime }: ResourceContext<Inputs>,
	outputs: Values,
	read: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
	return isRecentlyCreated(resourceType, outputs, runtime.now())
		? retryUntilFound(runtime, "expected", read)
		: read();
}

/** Whether the object was made so recently that its absence must be looked at twice. */
function isRecentlyCreated<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	outputs: Values,
	now: number,
): boolean {
	const createdAt = resourceType.getCreatedAt?.(outputs);
	return createdAt !== undefined && Math.abs(now - createdAt) < MAX_VISIBILITY_DELAY_MS;
}
