import type { Plan } from "./kind.ts";

/** How many names, and how many texts of several lines, a message lists. */
const NAMES = 12;
const TEXTS = 20;

/** What members are called, one and many. */
export interface Called {
	readonly member: string;
	readonly members: string;
}

/** `3 devices to create (a, b, c), 1 to delete (d)`; undefined where there is nothing to do. */
export function planTold(
	called: Called,
	{ added, changed, replaced, removed, handedOver, renamed, rekeyed }: Omit<Plan, "scopes">,
): string | undefined {
	const rows = [
		{ names: added, what: "to create", besides: "" },
		{ names: changed, what: "to change", besides: rekeyed > 0 ? `; ${rekeyed} with other credentials` : "" },
		{ names: replaced, what: "to replace", besides: "" },
		{ names: removed, what: "to delete", besides: "" },
		{ names: handedOver, what: "to leave to another resource", besides: "" },
		{ names: renamed, what: "to rename in state", besides: "" },
	].filter(({ names }) => names.length > 0);
	if (rows.length === 0) return undefined;
	return rows
		.map(({ names, what, besides }, at) => {
			const count = at === 0 ? counted(called, names.length) : String(names.length);
			return `${count} ${what} (${listed(names)}${besides})`;
		})
		.join(", ");
}

/** `1 device`, `2 devices`. */
export function counted({ member, members }: Called, count: number): string {
	return `${count} ${count === 1 ? member : members}`;
}

/** `a, b, c and 7 more`. */
export function listed(names: readonly string[]): string {
	const shown = names.slice(0, NAMES).join(", ");
	return names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
}

/** Texts below each other, and how many more there are. */
export function below(texts: readonly string[]): string {
	const more = texts.length > TEXTS ? [`and ${texts.length - TEXTS} more`] : [];
	return [...texts.slice(0, TEXTS), ...more].join("\n");
}
