/**
 * `npm run test:versions`: runs the unit and contract suites and some programs on each combination of Node.js and Pulumi's SDK,
 * one after the other, each in a copy of the repository. It needs the registry. Words select test files, as for `npm test`.
 * The table is printed at the end. The exit code is 1 if a combination failed.
 */
import { devDependencies, engines, peerDependencies } from "../../../package.json";
import { formatTable, type Row } from "../../bench/table.ts";
import { type Combination, Copy, listCombinations } from "./copy.ts";

/** Parts of the paths of test files whose results could differ between versions. */
const SUITES = [
	"test/unit/",
	"test/contract/",
	"test/resilience/histories/",
	"test/trampoline",
	"program/layouts",
	"program/life",
	"program/released",
];

async function tried(combination: Combination, words: readonly string[]): Promise<Row> {
	const began = performance.now();
	const copy = await Copy.make(combination);
	try {
		const { node, pulumi } = await copy.versions();
		const { code, output } = await copy.run("node_modules/tsx/dist/cli.mjs", "test/run.ts", ...words);
		const count = (word: string): number =>
			Number(new RegExp(`^ℹ ${word} (\\d+)`, "m").exec(output)?.[1] ?? 0);
		const failed = code === 0 && count("pass") > 0 ? 0 : Math.max(1, count("fail"));
		if (failed > 0) console.error(`Node.js ${node}, @pulumi/pulumi ${pulumi}:\n${output}\n`);
		const seconds = ((performance.now() - began) / 1_000).toFixed(0);
		return { "Node.js": node, "@pulumi/pulumi": pulumi, passed: count("pass"), failed, seconds };
	} finally {
		await copy.remove();
	}
}

async function main(given: readonly string[]): Promise<void> {
	const rows: Row[] = [];
	const promised = {
		node: engines.node,
		pulumi: peerDependencies["@pulumi/pulumi"],
		developed: devDependencies["@pulumi/pulumi"],
	};
	for (const combination of listCombinations(promised)) {
		console.log(`Node.js ${combination.node}, @pulumi/pulumi ${combination.pulumi} …`);
		rows.push(await tried(combination, given.length > 0 ? given : SUITES));
	}
	console.log(formatTable("Versions", rows));
	if (rows.some(({ failed }) => failed !== 0)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
