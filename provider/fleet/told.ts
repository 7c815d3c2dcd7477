import type { FleetPlan } from "./kind.ts";

/** How many names, and how many texts of several lines, a message lists. */
const MAX_LISTED_NAMES = 12;
const MAX_LISTED_MESSAGES = 20;

/** What members are called, one and many. */
export interface MemberNouns {
	readonly memberNoun: string;
	readonly membersProperty: string;
}

/** `3 devices to create (a, b, c), 1 to delete (d)`; undefined where there is nothing to do. */
export function formatFleetPlan(
	nouns: MemberNouns,
	{ added, changed, replaced, removed, handedOver, renamed, rekeyedCount }: Omit<FleetPlan, "scopes">,
): string | undefined {
	const steps = [
		{ names: added, what: "to create", besides: "" },
		{ names: changed, what: "to change", besides: rekeyedCount > 0 ? `; ${rekeyedCount} with other credentials` : "" },
		{ names: replaced, what: "to replace", besides: "" },
		{ names: removed, what: "to delete", besides: "" },
		{ names: handedOver, what: "to leave to another resource", besides: "" },
		{ names: renamed, what: "to rename in state", besides: "" },
	].filter(({ names }) => names.length > 0);
	if (steps.length === 0) return undefined;
	return steps
		.map(({ names, what, besides }, at) => {
			const count = at === 0 ? formatMemberCount(nouns, names.length) : String(names.length);
			return `${count} ${what} (${formatNameList(names)}${besides})`;
		})
		.join(", ");
}

/** `1 device`, `2 devices`. */
export function formatMemberCount({ memberNoun, membersProperty }: MemberNouns, count: number): string {
	return `${count} ${count === 1 ? memberNoun : membersProperty}`;
}

/** `a, b, c and 7 more`. */
export function formatNameList(names: readonly string[]): string {
	const shown = names.slice(0, MAX_LISTED_NAMES).join(", ");
	return names.length > MAX_LISTED_NAMES ? `${shown} and ${names.length - MAX_LISTED_NAMES} more` : shown;
}

/** Texts below each other, and how many more there are. */
export function joinMessages(messages: readonly string[]): string {
	const more = messages.length > MAX_LISTED_MESSAGES ? [`and ${messages.length - MAX_LISTED_MESSAGES} more`] : [];
	return [...messages.slice(0, MAX_LISTED_MESSAGES), ...more].join("\n");
}
