/** Returns `a, b and 3 more`: the names, at most `maxNames` of them. */
export function formatNameList(names: readonly string[], maxNames: number): string {
	const shown = names.slice(0, maxNames).join(", ");
	return names.length > maxNames ? `${shown} and ${names.length - maxNames} more` : shown;
}

/**
 * Returns a line for each of the first items, and `and 3 more` if there are more than `maxItems`.
 *
 * @param format formats one item; it is called for the listed ones only
 */
export function listFirst<Item>(
	items: readonly Item[],
	maxItems: number,
	format: (item: Item) => string,
): readonly string[] {
	const lines = items.slice(0, maxItems).map(format);
	return items.length > maxItems ? [...lines, `and ${items.length - maxItems} more`] : lines;
}

/** Returns `12,345`. */
export function formatCount(count: number): string {
	return count.toLocaleString("en-US");
}

/** Returns a count with its noun: `1 object`, `2 objects`, `10,000 objects`. */
export function formatQuantity(count: number, noun: string): string {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns a duration, rounded up: `45 s`, `12 min`, `3 h 20 min`, `24 h`, and `4 days` from three days on. */
export function formatDuration(seconds: number): string {
	if (seconds < 120) return `${Math.ceil(seconds)} s`;
	const minutes = Math.ceil(seconds / 60);
	if (minutes < 120) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	if (hours >= 72) return formatQuantity(Math.ceil(seconds / 86_400), "day");
	return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Returns `12,345 bytes`, or `110 MB` from a million bytes on. */
export function formatBytes(bytes: number): string {
	return bytes < 1_000_000
		? `${formatCount(bytes)} bytes`
		: `${formatCount(Math.round(bytes / 1_000_000))} MB`;
}

/** Returns the count rounded down to its first two digits, for an estimate. */
export function roundDown(count: number): number {
	const unit = 10 ** Math.max(0, String(count).length - 2);
	return Math.floor(count / unit) * unit;
}

/** A fleet whose members, as one string, are longer than Pulumi's SDK can send. */
export interface OversizedFleet {
	/** The property that holds the members: `devices`. */
	readonly membersProperty: string;
	readonly count: number;
	/** The size of the string, in bytes of UTF-8. */
	readonly bytes: number;
	/** The maximum size that can be sent. */
	readonly maxBytes: number;
}

/**
 * Returns the message for a fleet that is too large, with the number of members that fit.
 *
 * @param subject the members: `400 devices`
 * @param measured a clause with the size: `their declaration is 120 MB of text`
 */
export function formatTooManyMembers(
	{ membersProperty, count, bytes, maxBytes }: OversizedFleet,
	{ subject, measured }: { subject: string; measured: string },
): string {
	const fittingCount = roundDown(Math.floor((count * maxBytes) / bytes));
	return (
		`${subject} are too many for one fleet: ${measured}, and Pulumi's SDK can send at most ${formatBytes(maxBytes)} at once. ` +
		`About ${formatCount(fittingCount)} ${membersProperty} like these fit; split them into several fleets.`
	);
}
