import { format } from "node:util";
import type { logger } from "@azure/identity";

/** How long a line of the log may be, in characters. */
const LONGEST = 2_000;

/**
 * Sees to it that the log of `@azure/identity`, which `AZURE_LOG_LEVEL` turns on, tells nothing secret: it repeats what
 * services and `az` answered, and they may repeat what they were sent. The log is one for the whole process, so each
 * sign-in takes its own secrets out of it.
 *
 * @param log the library's
 * @param clean takes the secrets out of a text, and cuts it to so many characters
 */
export function cleanLog(log: typeof logger, clean: (text: string, limit: number) => string): void {
	const { error, warning, info, verbose } = log;
	for (const level of [error, warning, info, verbose]) {
		const { log: print } = level;
		level.log = (...args: readonly unknown[]) => print(clean(format(...args), LONGEST));
	}
}
