/**
 * Runs the test files whose path contains one of the given words, or all test files, each in a separate process. The counts
 * come last.
 *
 *     npm test                          all files except those that end in .long.test.ts or .registry.test.ts
 *     npm run test:all                  the .long.test.ts files too
 *     npm run test:package              the files of test/package, which install packages from the registry
 *     npm test -- contract emulator     the files with "contract" or "emulator" in their path
 *
 * Node.js 20's own `--test` does not expand patterns and does not find TypeScript files in a folder, hence this script.
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

// `npm run check` checks the types of whole programs. Checking them again here would double their time.
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
	console.log(`Skipped: ${all.filter(isLong).length} long test files; \`npm run test:all\` runs them too.`);
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
