import type { Kind, Surroundings, Values } from "./kind.ts";
import type { Life } from "./life.ts";

/** So long after its making, in milliseconds, an object may still be answered as missing. */
const FRESH = 60_000;
/** How often to look at an object that the service said exists, and at one that is merely expected. */
const LOOKS = { known: 5, expected: 3 } as const;
const PAUSE = 1_000;

/**
 * Looks a few times before "there is none" is believed: a registry may take seconds to show what it just made.
 *
 * @param why how it comes that the object should be there: the service said so, or a recent answer did
 */
export async function insist<Found>(
	around: Pick<Surroundings, "wait">,
	why: keyof typeof LOOKS,
	look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
	for (let looked = 1; looked < LOOKS[why]; looked++) {
		const found = await look();
		if (found !== undefined) return found;
		await around.wait(PAUSE);
	}
	return look();
}

/**
 * Looks at an object that state knows: a few times where it was made so recently that its absence must be looked at twice.
 *
 * @param outputs the object as state has it
 */
export function lookAt<Inputs extends object, Found>(
	{ kind, around }: Life<Inputs>,
	outputs: Values,
	look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
	return isFresh(kind, outputs, around.now()) ? insist(around, "expected", look) : look();
}

/** Whether the object was made so recently that its absence must be looked at twice. */
function isFresh<Inputs extends object>(kind: Kind<Inputs>, outputs: Values, now: number): boolean {
	const born = kind.bornAt(outputs);
	return born !== undefined && Math.abs(now - born) < FRESH;
}
