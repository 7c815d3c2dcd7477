import { WHOLE_FILE } from "./fileFault.ts";
import { readChunks, readHead, readText } from "./fileText.ts";
import { readDeviceRows } from "./fleetFile.csv.ts";
import type { DeviceCollector } from "./fleetFile.roll.ts";
import { readDeviceNode, readDocument } from "./fleetFile.root.ts";
import { parseJsonText } from "./jsonText.ts";
import { parseYamlText } from "./yamlText.ts";

/** Enters the devices of a file. */
type DeviceFileReader = (path: string, collector: DeviceCollector) => void;

/**
 * Enters the devices of a file, whose form its name tells, and its beginning where that does not.
 *
 * @throws NoText where the file can't be opened, or is none
 */
export function readDeviceFile(path: string, collector: DeviceCollector): void {
	const [, extension = ""] = /\.([^./\\]+)$/.exec(path.toLowerCase()) ?? [];
	const knownReader = Object.hasOwn(READERS_BY_EXTENSION, extension) ? READERS_BY_EXTENSION[extension] : undefined;
	(knownReader ?? detectReader(extension, path))(path, collector);
}

/** By the ending of the name. `json` is not among them: exports of a hub, one object a line, get that name too. */
const READERS_BY_EXTENSION: Readonly<Record<string, DeviceFileReader>> = {
	csv: readCsv,
	tsv: (path, collector) => readDeviceRows(readText(path), collector, "\t"),
	ndjson: readJsonLines,
	jsonl: readJsonLines,
	yaml: readYaml,
	yml: readYaml,
};

function detectReader(extension: string, path: string): DeviceFileReader {
	const head = readHead(path);
	if (extension !== "json" && !/^\s*[[{]/.test(head)) return readCsv;
	return isJsonLines(head, extension === "json" ? 2 : 1) ? readJsonLines : readJson;
}

function readCsv(path: string, collector: DeviceCollector): void {
	readDeviceRows(readText(path), collector);
}

function readJson(path: string, collector: DeviceCollector): void {
	const root = parseJsonText(readText(path));
	if ("kind" in root) readDocument(root, collector);
	else collector.addDiagnostic(root);
}

function readYaml(path: string, collector: DeviceCollector): void {
	const root = parseYamlText(readText(path));
	if ("kind" in root) readDocument(root, collector);
	else for (const diagnostic of root) collector.addDiagnostic(diagnostic);
}

/** A line that is no JSON does not keep the others from being read. */
function readJsonLines(path: string, collector: DeviceCollector): void {
	let isEmpty = true;
	for (const { text, line } of splitLines(readChunks(path))) {
		if (text === "") continue;
		isEmpty = false;
		const node = parseJsonText(text, { line, canSkip: isTwinProperty });
		if ("kind" in node) readDeviceNode(node, collector);
		else collector.addDiagnostic({ ...node, text: node.text.replace("below", "of the line") });
	}
	if (isEmpty) collector.addDiagnostic({ ...WHOLE_FILE, text: EMPTY_FILE_MESSAGE });
}

/** A file that was cut off would delete every device. */
const EMPTY_FILE_MESSAGE = "it is empty; a fleet without devices is written [], with the ending json";

/** Whether the first lines are objects of their own: as many as asked for. */
function isJsonLines(head: string, count: number): boolean {
	let found = 0;
	for (const { text } of splitLines([head])) {
		if (text === "") continue;
		if (!/^\s*\{/.test(text) || !("kind" in parseJsonText(text, { canSkip: isTwinProperty }))) return false;
		if (++found === count) return true;
	}
	return false;
}

/** Twins are most of an export. */
function isTwinProperty(name: string): boolean {
	return name === "tags" || name === "properties";
}

/** The lines of a file, without the blanks at their ends. */
function* splitLines(chunks: Iterable<string>): Generator<{ text: string; line: number }> {
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
