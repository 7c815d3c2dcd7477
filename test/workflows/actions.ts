import { readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from "yaml";

/** A step of a workflow that runs somebody else's action. */
export interface Use {
	/** `owner/name`, with the folder of the action where it is not the root. */
	readonly action: string;
	/** What stands after the @: a commit, a tag or a branch. */
	readonly ref: string;
	/** The comment after it. */
	readonly comment: string;
	/** The names under `with`. */
	readonly inputs: readonly string[];
}

/** All such steps of a workflow, in its order. */
export function usesIn(path: string): readonly Use[] {
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

/** The names of all jobs of a workflow that have steps, with the job. */
export function jobsIn(path: string): readonly (readonly [string, YAMLMap])[] {
	const jobs = parseDocument(readFileSync(path, "utf8")).get("jobs");
	if (!isMap(jobs)) return [];
	return jobs.items.flatMap(({ key, value }) =>
		isMap(value) && isSeq(value.get("steps")) ? [[String(key), value] as const] : [],
	);
}
