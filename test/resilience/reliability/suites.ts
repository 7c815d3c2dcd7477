/** Something that is run, and what it shows. */
export interface Suite {
	/** What the page calls it; a row of the page is known by it. */
	readonly title: string;
	/** What it shows, in a sentence. */
	readonly shows: string;
	/** The script of package.json and its arguments. */
	readonly script: readonly string[];
	/** What of its output goes on the page; nothing means that the output was not that of a run that went well. */
	figures(output: string): string | undefined;
}

/** Everything that the page on reliability tells of. */
export const SUITES: readonly Suite[] = [
	{
		title: "All tests",
		shows:
			"Units, the contract suite against the emulators, whole programs, kill points, secrets, hostile servers.",
		script: ["test:all"],
		figures: readCounts,
	},
	{
		title: "Real CLI",
		shows: "The same programs on Pulumi's CLI: operations, order, state, exit codes as on the stand-in.",
		script: ["test:cli"],
		figures: readCounts,
	},
	{
		title: "Fault matrix",
		shows: "Every request of every operation of every kind, and everything that may happen to it.",
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
		shows: "A fleet through an hour of changes by all sides on a throttled hub whose answers get lost.",
		script: ["soak"],
		figures: (output) => findLines(output, /^(?:\d+ devices, .*|No promise broken.*)$/gm),
	},
	{
		title: "Package",
		shows: "What is packed, installed by npm, pnpm and yarn into fresh programs, typed and deployed.",
		script: ["test:package"],
		figures: readCounts,
	},
	{
		title: "Versions",
		shows: "The oldest and the newest Node.js and Pulumi SDK.",
		script: ["test:versions"],
		figures: readCombinations,
	},
];

/** `3,458 tests: 3,406 passed, 52 left out with their reasons`. */
function readCounts(output: string): string | undefined {
	const count = (what: string): number | undefined => {
		const found = new RegExp(`^ℹ ${what} (\\d+)$`, "m").exec(output)?.[1];
		return found === undefined ? undefined : Number(found);
	};
	const [tests, pass, skipped] = [count("tests"), count("pass"), count("skipped")];
	if (tests === undefined || pass === undefined || skipped === undefined) return undefined;
	const left = skipped === 0 ? "" : `, ${skipped.toLocaleString("en")} left out with their reasons`;
	return `${tests.toLocaleString("en")} tests: ${pass.toLocaleString("en")} passed${left}`;
}

/** A row of the table for each: `Node.js 20.18.1 with SDK 3.150.0: 1,234 passed`. */
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
