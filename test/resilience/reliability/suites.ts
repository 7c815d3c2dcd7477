/** A suite and what it shows. */
export interface Suite {
	/** Its title on the page, which identifies its row. */
	readonly title: string;
	/** What it shows, in one sentence. */
	readonly shows: string;
	/** The script in package.json and its arguments. */
	readonly script: readonly string[];
	/** Extracts the figures for the page from the output; undefined if the output is not that of a successful run. */
	figures(output: string): string | undefined;
}

/** All suites on the reliability page. */
export const SUITES: readonly Suite[] = [
	{
		title: "All tests",
		shows:
			"Unit tests, the contract suite against the emulators, whole programs, kill points, secrets, hostile servers.",
		script: ["test:all"],
		figures: readCounts,
	},
	{
		title: "Real CLI",
		shows: "The same programs on Pulumi's CLI: operations, order, state and exit codes match the stand-in.",
		script: ["test:cli"],
		figures: readCounts,
	},
	{
		title: "Fault matrix",
		shows: "Every fault at every request of every operation of every resource type.",
		script: ["test:faults"],
		figures: (output) => /^[\d,]+ cases in .*$/m.exec(output)?.[0],
	},
	{
		title: "Histories",
		shows: "Random programs, changes by others, faults and killed processes, judged after each run.",
		script: ["histories", "50000"],
		figures: (output) => findLines(output, /^.*(?:histories, seed|no promise broken).*$/gm),
	},
	{
		title: "Soak",
		shows:
			"A fleet on a throttled hub that loses responses, through an hour of changes by the program and by others.",
		script: ["soak"],
		figures: (output) => findLines(output, /^(?:\d+ devices, .*|No promise broken.*)$/gm),
	},
	{
		title: "Package",
		shows: "The package, installed by npm, pnpm and yarn into new programs, type-checked and deployed.",
		script: ["test:package"],
		figures: readCounts,
	},
	{
		title: "Versions",
		shows: "The oldest and newest supported Node.js and Pulumi SDK.",
		script: ["test:versions"],
		figures: readCombinations,
	},
];

/** Returns text such as `3,458 tests: 3,406 passed, 52 skipped with a reason`. */
function readCounts(output: string): string | undefined {
	const count = (what: string): number | undefined => {
		const found = new RegExp(`^ℹ ${what} (\\d+)$`, "m").exec(output)?.[1];
		return found === undefined ? undefined : Number(found);
	};
	const [tests, pass, skipped] = [count("tests"), count("pass"), count("skipped")];
	if (tests === undefined || pass === undefined || skipped === undefined) return undefined;
	const left = skipped === 0 ? "" : `, ${skipped.toLocaleString("en")} skipped with a reason`;
	return `${tests.toLocaleString("en")} tests: ${pass.toLocaleString("en")} passed${left}`;
}

/** Returns each row of the table as text: `Node.js 20.18.1 with SDK 3.150.0: 1,234 passed`. */
function readCombinations(output: string): string | undefined {
	const rows = [...output.matchAll(/^\| (\d[\d.]*) +\| (\d[\d.]*) +\| (\d+) +\| 0 +\|/gm)];
	const told = rows.map(
		([, node, sdk, passed]) =>
			`Node.js ${node} with SDK ${sdk}: ${Number(passed).toLocaleString("en")} passed`,
	);
	return told.length === 0 ? undefined : told.join("; ");
}

function findLines(output: string, pattern: RegExp): string | undefined {
	const lines = output.match(pattern) ?? [];
	return lines.length === 0 ? undefined : lines.map((line) => line.trim()).join("; ");
}
