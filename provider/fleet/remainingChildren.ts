import { type MemberState, readParentName } from "./memberState.ts";

/** Returns one child for each parent that still has one among the failed members, by the name of the parent. */
export function findRemainingChildren(
	failedNames: Iterable<string>,
	memberStates: ReadonlyMap<string, MemberState>,
): ReadonlyMap<string, string> {
	const children = new Map<string, string>();
	for (const memberName of failedNames) {
		const parentName = readParentName(memberStates.get(memberName));
		if (parentName !== undefined) children.set(parentName, memberName);
	}
	return children;
}

/** Throws where a child is left: the next run would find it without its parent. */
export function refuseToOrphan(childName: string | undefined): void {
	if (childName !== undefined) throw new Error(`its child ${childName} is still there, so it was left`);
}
