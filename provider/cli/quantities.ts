/** Formats a count with its noun: `1 object`, `2 objects`, `10,000 objects`. */
export function formatQuantity(count: number, noun: string): string {
	return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
