/**
 * Runs the test files whose path contains one of the words given, or all of them, each in a process of its own,
 * and ends with the runner's count.
 *
 *     npm test                          everything but the files that end in .long.test.ts
 *     npm run test:all                  those too, but not the files that end in .registry.test.ts
 *     npm run test:package              the files of test/package, which install packages from the registry
 *     npm test -- contract emulator     the files with "contract" or "emulator" in their path
 *
 * Node 20's own `--test` neither expands patterns nor takes TypeScript files from a folder, hence this list.
 */
import { readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { installPulumi } from "./engine/cli/pulumi.ts";

const root = resolve(__dirname, "..");
const given = process.argv.slice(2);
const words = given.filter((word) => !word.startsWith("--"));
const isAll = words.length > 0 || given.includes("--all");
const isLong = (path: string): boolean => path.endsWith(".long.test.ts");
const isApart = (path: string): boolean => path.endsWith(".registry.test.ts");

// Whole programs are compiled by `npm run check`; a second look at their types would double the time that they take.
process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] ??= "true";

const all = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter((path) =>
	path.endsWith(".test.ts"),
);
const files = all
	.filter((path) => isAll || !isLong(path))
	.filter((path) => words.length > 0 || !isApart(path))
	.map((path) => resolve(__dirname, path))
	.filter((path) => words.length === 0 || words.some((word) => relative(root, path).includes(word)))
	.sort();

if (files.length === 0) {
	console.error(`No test file has ${words.join(" or ")} in its path.`);
	process.exit(1);
}

if (!isAll) {
	console.log(
		`Left out: ${all.filter(isLong).length} files that take long; \`npm run test:all\` runs them too.`,
	);
}

async function main(): Promise<void> {
	if (given.includes("--cli")) await installPulumi();
	run({ files, concurrency: 2 })
		.on("test:fail", () => {
			process.exitCode = 1;
		})
		.compose(new spec())
		.pipe(process.stdout);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
