/**
 * Runs the test files whose path contains one of the words given, or all of them, each in a process of its own,
 * and ends with the runner's count.
 *
 *     npm test                          everything
 *     npm test -- contract emulator     the files with "contract" or "emulator" in their path
 *
 * Node 20's own `--test` neither expands patterns nor takes TypeScript files from a folder, hence this list.
 */
import { readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const root = resolve(__dirname, "..");
const words = process.argv.slice(2);

const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
	.filter((path) => path.endsWith(".test.ts"))
	.map((path) => resolve(__dirname, path))
	.filter((path) => words.length === 0 || words.some((word) => relative(root, path).includes(word)))
	.sort();

if (files.length === 0) {
	console.error(`No test file has ${words.join(" or ")} in its path.`);
	process.exit(1);
}

run({ files, concurrency: 2 })
	.on("test:fail", () => {
		process.exitCode = 1;
	})
	.compose(new spec())
	.pipe(process.stdout);
