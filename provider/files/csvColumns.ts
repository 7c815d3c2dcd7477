import { edits, meantBy } from "./misspelling.ts";

/** A column that a kind of file has. */
export interface Column<Property extends string> {
	/** The name that files have for it, or another one that they have. */
	readonly title: string;
	/** What it says; undefined for what is passed over. */
	readonly property?: Property;
}

/** The columns of a kind of file. */
export interface Columns<Property extends string> {
	/** In the order in which errors name them; of those that say the same the usual one first. */
	readonly all: readonly Column<Property>[];
	/** Without these a row says nothing. */
	readonly required: readonly Property[];
}

/** The usual name for what a column says. */
export function titleOf<Property extends string>({ all }: Columns<Property>, property: Property): string {
	return all.find((column) => column.property === property)?.title ?? property;
}

/** The column of that name; case, blanks, underscores, hyphens, quotes and byte order marks aside. */
export function columnNamed<Property extends string>(
	{ all }: Columns<Property>,
	name: string,
): Column<Property> | undefined {
	return all.find(({ title }) => bare(title) === bare(name));
}

/** The column that is meant by a name that is none, where one is near. */
export function columnMeant<Property extends string>(
	{ all }: Columns<Property>,
	name: string,
): Column<Property> | undefined {
	return meantBy(bare(name), all, distanceFrom);
}

function bare(name: string): string {
	return name.replace(/[\s_"'-]/g, "").toLowerCase();
}

/** A part of the title (`Serial Number`) is as near as can be, and so is the resource's name for it (`productKey`). */
function distanceFrom(given: string, { title, property }: Column<string>): number {
	if (bare(title).includes(given)) return 0;
	return Math.min(edits(given, bare(title)), edits(given, (property ?? title).toLowerCase()));
}
