import { formatWithCode, PartialError, PartiallyApplied } from "../resource/errors.ts";
import { findSharedFault, isSharedFault, RepeatedFault, type SharedFault } from "../sharedFault.ts";
import { sortNaturally } from "../text/naturalOrder.ts";
import { formatNameList } from "../text/quantities.ts";

/** The maximum number of member names in a message. */
export const MAX_LISTED_NAMES = 12;

/** The members that an operation on a fleet did not finish. */
export interface MemberFailures {
	readonly failed: ReadonlyMap<string, Error>;
	/** Members that were not tried. */
	readonly untried: ReadonlySet<string>;
}

/**
 * Formats how many members failed, and how many were not tried because of a shared fault: `2 of 500 devices failed and 498 were not tried,
 * since they would fail for the same reason`.
 *
 * @param subject formats a number of members: `2 of 500 devices`
 * @param verb the verb for failed members: `failed`
 */
export function formatFailureCounts(
	{ failed, untried }: MemberFailures,
	{ subject, verb }: { readonly subject: (count: number) => string; readonly verb: string },
): string {
	const refusedCount = [...failed.values()].filter(
		(error) => error instanceof RepeatedFault && error.isUntried,
	).length;
	const [failedCount, untriedCount] = [failed.size - refusedCount, untried.size + refusedCount];
	if (untriedCount === 0) return `${subject(failedCount)} ${verb}`;
	const reason = "not tried, since they would fail for the same reason";
	return failedCount === 0
		? `${subject(untriedCount)} ${untriedCount === 1 ? "was" : "were"} ${reason}`
		: `${subject(failedCount)} ${verb} and ${untriedCount} ${untriedCount === 1 ? "was" : "were"} ${reason}`;
}

/** Members with the same shared fault. */
interface FaultGroup {
	readonly names: string[];
	/** The message of the fault, or a reference to it if it was shown before. */
	readonly text: string;
}

/** Formats a line for each error, but only one for all members with the same shared fault. */
export function formatMemberErrors(failed: ReadonlyMap<string, Error>): readonly string[] {
	const groups = new Map<string, FaultGroup>();
	const otherLines: string[] = [];
	for (const [memberName, error] of failed) {
		const origin = unwrapPartial(error);
		if (!isSharedFault(origin)) {
			otherLines.push(`    ${memberName}: ${formatWithCode(error)}`);
			continue;
		}
		const fault = origin instanceof RepeatedFault ? origin.fault : origin;
		const key = getFaultKey(fault);
		const group = groups.get(key) ?? { names: [], text: formatWithCode(fault.isReported ? origin : fault) };
		group.names.push(memberName);
		groups.set(key, group);
	}
	const faultLines = [...groups.values()].map(
		({ names, text }) => `    ${formatNameList(sortNaturally(names), MAX_LISTED_NAMES)}: ${text}`,
	);
	return [...faultLines, ...otherLines];
}

/** Returns the original error, without wrappers that have the same message and only add the state of the object. */
function unwrapPartial(error: Error): Error {
	const isPartial = error instanceof PartialError || error instanceof PartiallyApplied;
	return isPartial && error.cause instanceof Error ? unwrapPartial(error.cause) : error;
}

/** Returns a key that is equal for the same fault of different members, whose messages differ because they name the member. */
function getFaultKey(fault: SharedFault): string {
	const { status, serviceCode, key }: Readonly<Record<string, unknown>> = { ...fault };
	return JSON.stringify([fault.name, status, serviceCode, key]);
}

/** Counts a member as done after its success or failure, but not after a shared fault: no estimate of the remaining time applies then. */
export async function trackProgress<Result>(
	progress: { completeOne(): void },
	work: () => Promise<Result>,
): Promise<Result> {
	try {
		const result = await work();
		progress.completeOne();
		return result;
	} catch (error) {
		if (findSharedFault(error) === undefined) progress.completeOne();
		throw error;
	}
}

/** Creates the error for a member that was deleted and, because of a shared fault, not created again. It must not count as untried. */
export function createInterruptedReplacementError(error: RepeatedFault): Error {
	return new Error(`it was deleted, and its replacement was not created: ${error.message}`, { cause: error });
}
