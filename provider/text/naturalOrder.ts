/** Returns the names in natural order, in which numbers count as numbers: `dev-8`, `dev-9`, `dev-10`. */
export function sortNaturally(names: Iterable<string>): string[] {
	return sortByName(names, (name) => name);
}

/** Returns the items in natural order of their names. */
export function sortByName<Item>(items: Iterable<Item>, getName: (item: Item) => string): Item[] {
	return Array.from(items, (item) => ({ item, name: getName(item), key: createSortKey(getName(item)) }))
		.sort((one, other) => compareStrings(one.key, other.key) || compareStrings(one.name, other.name))
		.map(({ item }) => item);
}

/** Returns a string that sorts by code units as the name does in natural order: each number is preceded by its length. */
function createSortKey(name: string): string {
	return name.replace(/\d+/g, (digits) => {
		const significant = digits.replace(/^0+(?=\d)/, "");
		return `0${String.fromCharCode(significant.length)}${significant}`;
	});
}

function compareStrings(one: string, other: string): number {
	return one < other ? -1 : one > other ? 1 : 0;
}
