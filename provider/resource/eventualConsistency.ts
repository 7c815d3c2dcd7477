import type { Values } from "../values.ts";
import type { ResourceContext, RuntimeContext } from "./context.ts";
import type { ResourceType } from "./resourceType.ts";

/** How long after creation a read may still return "not found" (ms). */
const MAX_VISIBILITY_DELAY_MS = 60_000;
/** Maximum reads of an object that the service reports as existing (`known`), and of one that a recent response showed (`expected`). */
const MAX_READS = { known: 5, expected: 3 } as const;
const READ_INTERVAL_MS = 1_000;

/**
 * Reads up to a few times until the object is found: a registry may take seconds to show an object that it just created.
 *
 * @param expectation why the object should exist: the service reports so (`known`), or a recent response showed it (`expected`)
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
 * Reads an object that state has, several times if it was created so recently that a single "not found" proves nothing.
 *
 * @param outputs the object as state has it
 */
export function readWithRetry<Inputs extends object, Found>(
	{ resourceType, runtime }: ResourceContext<Inputs>,
	outputs: Values,
	read: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
	return isRecentlyCreated(resourceType, outputs, runtime.getWallTime())
		? retryUntilFound(runtime, "expected", read)
		: read();
}

/** Whether the object was created so recently that a single "not found" proves nothing. */
function isRecentlyCreated<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	outputs: Values,
	wallTimeMs: number,
): boolean {
	const createdAt = resourceType.getCreatedAt?.(outputs);
	return createdAt !== undefined && Math.abs(wallTimeMs - createdAt) < MAX_VISIBILITY_DELAY_MS;
}
