import { type MemberState, readParentName } from "./member.ts";

/** One child for each parent that still has one among the members that failed, by the id of the parent. */
export function findRemainingChildren(
	failed: Iterable<string>,
	memberStates: ReadonlyMap<string, MemberState>,
): ReadonlyMap<string, string> {
	const children = new Map<string, string>();
	for (const id of failed) {
		const parent = readParentName(memberStates.get(id));
		if (parent !== undefined) children.set(parent, id);
	}
	return children;
}

/** A parent is not removed above its children: the next run would find them without one. */
export function refuseToOrphan(child: string | undefined): void {
	if (child !== undefined) throw new Error(`its child ${child} is still there, so it was left`);
}
