import { UnreadableAnswer } from "../http/errors.ts";

/**
 * Refuses an answer about another device than the one that was asked for. Ids are the same only in the same case.
 *
 * @param receivedId the id in the answer
 */
export function requireSameDevice(receivedId: unknown, { operationName, deviceId }: { operationName: string; deviceId: string }): void {
	if (receivedId === deviceId) return;
	throw new UnreadableAnswer(
		`${operationName} failed: the answer is about another device, ${JSON.stringify(receivedId)}`,
		200,
	);
}
