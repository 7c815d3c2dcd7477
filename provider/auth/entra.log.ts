import { format } from "node:util";
import type { logger } from "@azure/identity";

/** How long a line of the log may be, in characters. */
const MAX_LOG_LINE_CHARACTERS = 2_000;

/**
 * Sees to it that the log of `@azure/identity`, which `AZURE_LOG_LEVEL` turns on, tells nothing secret: it repeats what
 * services and `az` answered, and they may repeat what they were sent. The log is one for the whole process, so each
 * sign-in takes its own secrets out of it.
 *
 * @param azureLogger the library's
 * @param sanitize takes the secrets out of a text, and cuts it to so many characters
 */
export function sanitizeLog(azureLogger: typeof logger, sanitize: (text: string, limit: number) => string): void {
	const { error, warning, info, verbose } = azureLogger;
	for (const level of [error, warning, info, verbose]) {
		const { log: writeLine } = level;
		level.log = (...args: readonly unknown[]) => writeLine(sanitize(format(...args), MAX_LOG_LINE_CHARACTERS));
	}
}
