/** A machine as a line of the list names it; it fits `AutopilotIdentityArgs`. What the list leaves blank is absent. */
export interface AutopilotCsvRow {
	/**
	 * "Device Serial Number", to the letter and with its blanks: exports hold what the firmware says, and firmware pads.
	 * Not unique: unlike machines may say "Default string".
	 */
	serialNumber: string;
	/** "Hardware Hash", in base64. It describes the machine and its owner: keep it like a secret. */
	hardwareIdentifier: string;
	/** "Windows Product ID", mostly blank. */
	productKey?: string;
	/** "Group Tag", in old lists "Order ID". */
	groupTag?: string;
	/** "Assigned User". */
	assignedUserPrincipalName?: string;
}

/** What a column says about a machine. */
export type Property = keyof AutopilotCsvRow;

/** A column that lists have. */
export interface Column {
	/** The name that Intune's portal asks for, or another one that exports have. */
	readonly title: string;
	/** Undefined for what only partners need. */
	readonly property?: Property;
}

/**
 * The portal's columns in its order ("Manually register devices with Windows Autopilot"); the former name of the group
 * tag; and those that `Get-WindowsAutopilotInfo -Partner` writes for the Partner Center.
 */
export const COLUMNS: readonly Column[] = [
	{ title: "Device Serial Number", property: "serialNumber" },
	{ title: "Windows Product ID", property: "productKey" },
	{ title: "Hardware Hash", property: "hardwareIdentifier" },
	{ title: "Group Tag", property: "groupTag" },
	{ title: "Assigned User", property: "assignedUserPrincipalName" },
	{ title: "Order ID", property: "groupTag" },
	{ title: "Manufacturer name" },
	{ title: "Device model" },
];

/** Without these a line names no machine. */
export const REQUIRED: readonly Property[] = ["serialNumber", "hardwareIdentifier"];

/** The portal's name for what a column says. */
export function titleOf(property: Property): string {
	return COLUMNS.find((column) => column.property === property)?.title ?? property;
}

/** The column of that name; case, blanks, underscores, quotes and byte order marks aside. */
export function columnNamed(name: string): Column | undefined {
	return COLUMNS.find(({ title }) => bare(title) === bare(name));
}

/** The column that is meant by a name that is none, where one is near. */
export function columnMeant(name: string): Column | undefined {
	const given = bare(name);
	if (given.length < 3) return undefined;
	return COLUMNS.find((column) => distanceFrom(given, column) <= TYPING_ERRORS);
}

/** How many letters a name may be off. */
const TYPING_ERRORS = 2;

function bare(name: string): string {
	return name.replace(/[\s_"']/g, "").toLowerCase();
}

/** A part of the title (`Serial Number`) is as near as can be, and so is the resource's name for it (`productKey`). */
function distanceFrom(given: string, { title, property }: Column): number {
	if (bare(title).includes(given)) return 0;
	return Math.min(edits(given, bare(title)), edits(given, (property ?? title).toLowerCase()));
}

/** The letters to add, drop or change until one text is the other (Levenshtein). */
function edits(from: string, to: string): number {
	if (Math.abs(from.length - to.length) > TYPING_ERRORS) return Number.POSITIVE_INFINITY;
	let above = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (const [row, letter] of [...from].entries()) {
		const line = [row + 1];
		for (const [column, other] of [...to].entries()) {
			const changed = (above[column] ?? 0) + (letter === other ? 0 : 1);
			line.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
		}
		above = line;
	}
	return above.at(-1) ?? 0;
}
