import { type Kept, parentIn } from "./member.ts";

/** One child for each parent that still has one among the members that failed, by the id of the parent. */
export function childrenLeft(
	failed: Iterable<string>,
	kept: ReadonlyMap<string, Kept>,
): ReadonlyMap<string, string> {
	const left = new Map<string, string>();
	for (const id of failed) {
		const parent = parentIn(kept.get(id));
		if (parent !== undefined) left.set(parent, id);
	}
	return left;
}

/** A parent is not removed above its children: the next run would find them without one. */
export function refuseWith(child: string | undefined): void {
	if (child !== undefined) throw new Error(`its child ${child} is still there, so it was left`);
}
