import { type MemberState, readParentName } from "./memberState.ts";

/** Returns one failed child of each parent, by the name of the parent. */
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

/** Throws if a child still exists: it would be left without its parent. */
export function refuseToOrphan(childName: string | undefined): void {
	if (childName !== undefined) throw new Error(`its child ${childName} still exists, so it was not deleted`);
}
