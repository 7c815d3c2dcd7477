import { UnreadableAnswer } from "../http/errors.ts";

/**
 * Refuses an answer about another device than the one that was asked for. Ids are the same only in the same case.
 *
 * @param answered the id in the answer
 */
export function refuseOther(answered: unknown, { what, deviceId }: { what: string; deviceId: string }): void {
	if (answered === deviceId) return;
	throw new UnreadableAnswer(
		`${what} failed: the answer is about another device, ${JSON.stringify(answered)}`,
		200,
	);
}
