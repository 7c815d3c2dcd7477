import type { Plan } from "./kind.ts";

/** How many names, and how many texts of several lines, a message lists. */
const NAMES = 12;
const TEXTS = 20;

/** `3 devices to create (a, b, c), 1 to delete (d)`; undefined where there is nothing to do. */
export function planTold(members: string, { added, changed, removed }: Plan): string | undefined {
	const parts = [part(added, "to create"), part(changed, "to change"), part(removed, "to delete")].filter(
		(text) => text !== undefined,
	);
	const [first, ...rest] = parts;
	if (first === undefined) return undefined;
	const [count, ...words] = first.split(" ");
	return [`${count} ${members} ${words.join(" ")}`, ...rest].join(", ");
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

function part(names: readonly string[], what: string): string | undefined {
	return names.length === 0 ? undefined : `${names.length} ${what} (${listed(names)})`;
}
