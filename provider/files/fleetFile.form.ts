import { WHOLE } from "./fileFault.ts";
import { chunksOf, headOf, textOf } from "./fileText.ts";
import { readRows } from "./fleetFile.csv.ts";
import type { Roll } from "./fleetFile.roll.ts";
import { readDevice, readRoot } from "./fleetFile.root.ts";
import { jsonIn } from "./jsonText.ts";
import { yamlIn } from "./yamlText.ts";

/** Enters the devices of a file. */
type Read = (path: string, roll: Roll) => void;

/**
 * Enters the devices of a file, whose form its name tells, and its beginning where that does not.
 *
 * @throws NoText where the file can't be opened, or is none
 */
export function readFile(path: string, roll: Roll): void {
	const [, ending = ""] = /\.([^./\\]+)$/.exec(path.toLowerCase()) ?? [];
	const known = Object.hasOwn(READERS, ending) ? READERS[ending] : undefined;
	(known ?? readerFor(ending, path))(path, roll);
}

/** By the ending of the name. `json` is not among them: exports of a hub, one object a line, get that name too. */
const READERS: Readonly<Record<string, Read>> = {
	csv: readCsv,
	tsv: (path, roll) => readRows(textOf(path), roll, "\t"),
	ndjson: readLines,
	jsonl: readLines,
	yaml: readYaml,
	yml: readYaml,
};

function readerFor(ending: string, path: string): Read {
	const head = headOf(path);
	if (ending !== "json" && !/^\s*[[{]/.test(head)) return readCsv;
	return isOneALine(head, ending === "json" ? 2 : 1) ? readLines : readJson;
}

function readCsv(path: string, roll: Roll): void {
	readRows(textOf(path), roll);
}

function readJson(path: string, roll: Roll): void {
	const root = jsonIn(textOf(path));
	if ("kind" in root) readRoot(root, roll);
	else roll.fault(root);
}

function readYaml(path: string, roll: Roll): void {
	const root = yamlIn(textOf(path));
	if ("kind" in root) readRoot(root, roll);
	else for (const fault of root) roll.fault(fault);
}

/** A line that is no JSON does not keep the others from being read. */
function readLines(path: string, roll: Roll): void {
	let isEmpty = true;
	for (const { text, line } of linesOf(chunksOf(path))) {
		if (text === "") continue;
		isEmpty = false;
		const node = jsonIn(text, { line, isIdle });
		if ("kind" in node) readDevice(node, roll);
		else roll.fault({ ...node, text: node.text.replace("below", "of the line") });
	}
	if (isEmpty) roll.fault({ ...WHOLE, text: EMPTY });
}

/** A file that was cut off would delete every device. */
const EMPTY = "it is empty; a fleet without devices is written [], with the ending json";

/** Whether the first lines are objects of their own: as many as asked for. */
function isOneALine(head: string, count: number): boolean {
	let found = 0;
	for (const { text } of linesOf([head])) {
		if (text === "") continue;
		if (!/^\s*\{/.test(text) || !("kind" in jsonIn(text, { isIdle }))) return false;
		if (++found === count) return true;
	}
	return false;
}

/** Twins are most of an export. */
function isIdle(name: string): boolean {
	return name === "tags" || name === "properties";
}

/** The lines of a file, without the blanks at their ends. */
function* linesOf(chunks: Iterable<string>): Generator<{ text: string; line: number }> {
	let rest = "";
	let line = 0;
	for (const chunk of chunks) {
		let start = 0;
		for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
			yield { text: (rest + chunk.slice(start, end)).trimEnd(), line: ++line };
			rest = "";
			start = end + 1;
		}
		rest += chunk.slice(start);
	}
	if (rest !== "") yield { text: rest.trimEnd(), line: ++line };
}
