import { sortNaturally } from "../text/naturalOrder.ts";
import { formatNameList, listFirst } from "../text/quantities.ts";
import { MAX_LISTED_NAMES } from "./failures.ts";
import type { FleetPlan } from "./fleetType.ts";
import { formatMemberCount, type MemberNouns } from "./reporting.ts";

/** The maximum number of kinds of changes in a report. */
const MAX_LISTED_CHANGES = 12;

/** The description of a change that affects only state, such as a field that is newly declared with its current value. */
const STATE_ONLY = "in state only";

/**
 * Formats a plan, with the members of each step in natural order; undefined if the plan does nothing:
 *
 * ```text
 * 3 devices to create (dev-8, dev-9, dev-10), 3 to change, 1 to delete (dev-2):
 *     status, statusReason: dev-3, dev-4
 *     gets a new secondary key: dev-5
 * ```
 */
export function formatFleetPlan(
	nouns: MemberNouns,
	plan: Omit<FleetPlan, "changedScopes">,
): string | undefined {
	const steps = [
		{ names: plan.added, action: "to create" },
		{ names: plan.changed, action: "to change", isListedBelow: true },
		{ names: plan.replaced, action: "to replace" },
		{ names: plan.removed, action: "to delete" },
		{ names: plan.handedOver, action: "to leave to another resource" },
		{ names: plan.renamed, action: "to rename in state" },
	].filter(({ names }) => names.length > 0);
	if (steps.length === 0) return undefined;
	const summary = steps
		.map(({ names, action, isListedBelow }, index) => {
			const count = index === 0 ? formatMemberCount(nouns, names.length) : String(names.length);
			return isListedBelow ? `${count} ${action}` : `${count} ${action} (${formatMemberNames(names)})`;
		})
		.join(", ");
	const changes = formatChangeLines(plan);
	return changes.length === 0 ? summary : `${summary}:\n${changes.map((line) => `    ${line}`).join("\n")}`;
}

/** Returns the first names in natural order, and the number of further ones. */
export function formatMemberNames(names: readonly string[]): string {
	return formatNameList(sortNaturally(names), MAX_LISTED_NAMES);
}

/** Returns a line for each kind of change: `status: dev-8, dev-9, dev-10`. */
function formatChangeLines({
	changed,
	changeNotes,
	adoptionNotes,
}: Pick<FleetPlan, "changed" | "changeNotes" | "adoptionNotes">): readonly string[] {
	const changeEntries = changed.map((name) => [name, changeNotes.get(name) || STATE_ONLY] as const);
	const adoptionEntries = [...adoptionNotes].map(
		([name, note]) => [name, `${note} if it exists already and is adopted`] as const,
	);
	return listFirst(
		[...groupNamesByNote([...changeEntries, ...adoptionEntries])],
		MAX_LISTED_CHANGES,
		([note, names]) => `${note}: ${formatMemberNames(names)}`,
	);
}

/** Returns the names that have each note, in natural order. */
export function groupNamesByNote(
	entries: Iterable<readonly [name: string, note: string]>,
): ReadonlyMap<string, readonly string[]> {
	const noteByName = new Map<string, string[]>();
	const namesByNote = new Map<string, string[]>();
	for (const [name, note] of entries) noteByName.set(name, [...(noteByName.get(name) ?? []), note]);
	for (const name of sortNaturally([...noteByName.keys()])) {
		for (const note of noteByName.get(name) ?? []) {
			const names = namesByNote.get(note) ?? [];
			names.push(name);
			namesByNote.set(note, names);
		}
	}
	return namesByNote;
}
