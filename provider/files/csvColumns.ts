import { countEdits, findSuggestion } from "./misspelling.ts";

/** A column that a kind of file has. */
export interface CsvColumn<Property extends string> {
	/** The name that files have for it, or another one that they have. */
	readonly title: string;
	/** What it says; undefined for what is passed over. */
	readonly property?: Property;
}

/** The columns of a kind of file. */
export interface CsvColumns<Property extends string> {
	/** In the order in which errors name them; of those that say the same the usual one first. */
	readonly all: readonly CsvColumn<Property>[];
	/** Without these a row says nothing. */
	readonly required: readonly Property[];
}

/** The usual name for what a column says. */
export function getColumnTitle<Property extends string>({ all }: CsvColumns<Property>, property: Property): string {
	return all.find((column) => column.property === property)?.title ?? property;
}

/** The column of that name; case, blanks, underscores, hyphens, quotes and byte order marks aside. */
export function findColumn<Property extends string>(
	{ all }: CsvColumns<Property>,
	name: string,
): CsvColumn<Property> | undefined {
	return all.find(({ title }) => normalizeTitle(title) === normalizeTitle(name));
}

/** The column that is meant by a name that is none, where one is near. */
export function suggestColumn<Property extends string>(
	{ all }: CsvColumns<Property>,
	name: string,
): CsvColumn<Property> | undefined {
	return findSuggestion(normalizeTitle(name), all, measureColumnDistance);
}

function normalizeTitle(title: string): string {
	return title.replace(/[\s_"'-]/g, "").toLowerCase();
}

/** A part of the title (`Serial Number`) is as near as can be, and so is the resource's name for it (`productKey`). */
function measureColumnDistance(given: string, { title, property }: CsvColumn<string>): number {
	if (normalizeTitle(title).includes(given)) return 0;
	return Math.min(countEdits(given, normalizeTitle(title)), countEdits(given, (property ?? title).toLowerCase()));
}
